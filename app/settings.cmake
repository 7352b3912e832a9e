# What the program remembers: one JSON file in the configuration directory.
add_library(nori_settings STATIC
    profilejson.cpp
    settings.cpp
    settingsfile.cpp)
target_include_directories(nori_settings PUBLIC ${PROJECT_SOURCE_DIR})
target_compile_definitions(nori_settings PRIVATE QT_NO_CAST_FROM_ASCII)
target_link_libraries(nori_settings PUBLIC nori_models Qt6::Core nlohmann_json::nlohmann_json nori_options)
