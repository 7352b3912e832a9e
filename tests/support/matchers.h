// SPDX-License-Identifier: GPL-3.0-or-later
// How tests speak about results and findings.
#pragma once

#include "client/audit/finding.h"
#include "client/result.h"

#include <gmock/gmock.h>

#include <ostream>

namespace norikv::client {

inline void PrintTo(ErrorKind kind, std::ostream* out) { *out << name(kind); }
inline void PrintTo(const Error& error, std::ostream* out)
{
    *out << name(error.kind) << ": " << error.message << " (" << error.detail << ")";
}
inline void PrintTo(const Finding& f, std::ostream* out)
{
    *out << f.rule << " " << name(f.severity) << " " << printable(f.subject) << ": " << f.evidence;
}

} // namespace norikv::client

namespace norikv::test {

/// EXPECT_THAT(result, succeeds());
MATCHER(succeeds, "is a success")
{
    if (arg)
        return true;
    *result_listener << "which failed: ";
    PrintTo(arg.error(), result_listener->stream() ? result_listener->stream() : &std::cerr);
    return false;
}

/// EXPECT_THAT(result, failsWith(ErrorKind::Conflict));
MATCHER_P(failsWith, kind, "fails with " + std::string(client::name(kind)))
{
    if (arg) {
        *result_listener << "which succeeded";
        return false;
    }
    *result_listener << "which failed: " << client::name(arg.error().kind) << ", " << arg.error().message;
    return arg.error().kind == kind;
}

} // namespace norikv::test
