// SPDX-License-Identifier: GPL-3.0-or-later
// Runs the expectations of the wire contract against a server: NORIKV_ENDPOINT=host:port
// [NORIKV_HTTP=host:port] [NORIKV_QUIRKS=sound|faithful], or against a sandbox started for it.
#include "tests/conformance/target.h"

int main(int argc, char** argv)
{
    testing::InitGoogleTest(&argc, argv);
    if (testing::GTEST_FLAG(list_tests)) {
        return RUN_ALL_TESTS();
    }
    if (!norikv::conformance::Target::open(NORIKV_SANDBOX_BINARY)) {
        return 1;
    }
    const int result = RUN_ALL_TESTS();
    norikv::conformance::Target::close();
    return result;
}
