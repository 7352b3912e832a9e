// SPDX-License-Identifier: GPL-3.0-or-later
// What the GUI thread, on which all of this runs, costs and suffers.
#pragma once

#include <functional>
#include <vector>

namespace norikv::bench {

/// CPU of the calling thread so far.
double threadCpuMs();

/// Lets the event loop run.
void spin(double seconds);
/// Lets it run until `done`; throws when that takes more than a minute.
void spinUntil(const std::function<bool()>& done);

/// How late a 1 ms heartbeat of the event loop came, for each beat, in ms.
std::vector<double> stalls(double seconds);
std::vector<double> stallsUntil(const std::function<bool()>& done);

/// Bytes that malloc has given out and not got back.
double heapInUse();

} // namespace norikv::bench
