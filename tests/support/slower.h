// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace norikv::test {

/// How many times slower code runs here: tests about time allow so much more, tests that count far go only so
/// far. 1 without a sanitizer.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr int Slower = 10;
#else
inline constexpr int Slower = 1;
#endif

} // namespace norikv::test
