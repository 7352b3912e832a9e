# Debian ships no CMake config for cpp-httplib. Provides CppHttplib::httplib.
include(FindPackageHandleStandardArgs)
find_path(CppHttplib_INCLUDE_DIR httplib.h)
find_library(CppHttplib_LIBRARY cpp-httplib)
find_package_handle_standard_args(CppHttplib REQUIRED_VARS CppHttplib_LIBRARY CppHttplib_INCLUDE_DIR)
if(CppHttplib_FOUND AND NOT TARGET CppHttplib::httplib)
    add_library(CppHttplib::httplib UNKNOWN IMPORTED)
    set_target_properties(CppHttplib::httplib PROPERTIES
        IMPORTED_LOCATION ${CppHttplib_LIBRARY} INTERFACE_INCLUDE_DIRECTORIES ${CppHttplib_INCLUDE_DIR}
        # What Debian's library was built with, as its pkg-config file says: its classes have more members with it.
        INTERFACE_COMPILE_DEFINITIONS "CPPHTTPLIB_OPENSSL_SUPPORT;CPPHTTPLIB_ZLIB_SUPPORT;CPPHTTPLIB_BROTLI_SUPPORT")
endif()
