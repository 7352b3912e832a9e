// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <chrono>
#include <functional>

namespace norikv::tests {

using namespace std::chrono_literals;
using Condition = std::function<bool()>;

/// Runs the program's event loop until `done` holds; false when it does not within `limit`. Looks every 5 ms.
bool waitFor(const Condition& done, std::chrono::milliseconds limit = 10s);

/// Milliseconds since it was made.
class Stopwatch {
public:
    std::chrono::milliseconds elapsed() const
    {
        return std::chrono::duration_cast<std::chrono::milliseconds>(
            std::chrono::steady_clock::now() - m_start);
    }

private:
    std::chrono::steady_clock::time_point m_start = std::chrono::steady_clock::now();
};

} // namespace norikv::tests
