# Every target of ours links nori_options: one place for language level, warnings, hardening and sanitizers.
add_library(nori_options INTERFACE)
target_compile_features(nori_options INTERFACE cxx_std_20)
target_compile_options(nori_options INTERFACE
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wold-style-cast -Wnon-virtual-dtor -Woverloaded-virtual
    -Wcast-qual -Wformat=2 -Wnull-dereference -Wno-sign-conversion
    -fstack-protector-strong
    $<$<BOOL:${NORIKV_WERROR}>:-Werror>
    $<$<CONFIG:Release,RelWithDebInfo>:-D_FORTIFY_SOURCE=2>)
# gcc 12 reports these falsely in optimised code (std::string's operator+, library headers); debug builds keep them.
target_compile_options(nori_options INTERFACE $<$<CONFIG:Release,RelWithDebInfo>:-Wno-null-dereference;-Wno-restrict;-Wno-stringop-overflow;-Wno-array-bounds>)
target_link_options(nori_options INTERFACE -Wl,-z,relro,-z,now)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

# A newcomer compiles all of this before the first look: -O2 rather than -O3,
string(REPLACE "-O3" "-O2" CMAKE_CXX_FLAGS_RELEASE "${CMAKE_CXX_FLAGS_RELEASE}")
# and -O1 for windows and what joins them, whose own code never loops over many things.
function(norikv_light target)
    target_compile_options(${target} PRIVATE $<$<CONFIG:Release>:-O1>)
endfunction()

if(NORIKV_SANITIZE)
    add_compile_options(-fsanitize=${NORIKV_SANITIZE} -fno-omit-frame-pointer)
    add_link_options(-fsanitize=${NORIKV_SANITIZE})
endif()

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
    # ccache keeps objects made with precompiled headers only when it may.
    set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros ${CCACHE_PROGRAM})
endif()
find_program(MOLD_PROGRAM mold)
if(MOLD_PROGRAM)
    add_link_options(-fuse-ld=mold)
endif()
