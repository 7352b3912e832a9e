# One short pair of one figure: the JSON is well-formed and has a positive ratio.
execute_process(COMMAND ${BENCH} --filter "^P5$" --json
    OUTPUT_VARIABLE json RESULT_VARIABLE code)
if(NOT code EQUAL 0)
    message(FATAL_ERROR "norikv-bench ended with ${code}: ${json}")
endif()
string(JSON id GET "${json}" figures 0 id)
string(JSON ratio GET "${json}" figures 0 ratio)
if(NOT id STREQUAL "P5" OR NOT ratio GREATER 0)
    message(FATAL_ERROR "unexpected figure: ${json}")
endif()
foreach(key name goal better runs ours ceiling unit)
    string(JSON ignored GET "${json}" figures 0 ${key}) # fails when it is not there
endforeach()
execute_process(COMMAND ${BENCH} --filter "(" RESULT_VARIABLE code OUTPUT_QUIET ERROR_QUIET)
if(NOT code EQUAL 2)
    message(FATAL_ERROR "a bad expression ended with ${code}, not 2")
endif()
