// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/reducerhost/limits.h"

#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>

namespace norikv::reducerhost {

namespace {

constexpr rlim_t MostMemory = 512UL << 20;
constexpr rlim_t SecondsPerRequest = 10;

bool limit(int resource, rlim_t soft, rlim_t hard)
{
    const rlimit wanted{soft, hard};
    return ::setrlimit(static_cast<__rlimit_resource_t>(resource), &wanted) == 0;
}

} // namespace

bool confine()
{
    bool ok = ::close_range(3, ~0U, 0) == 0;
#ifndef __SANITIZE_ADDRESS__ // its shadow alone is terabytes of address space
    ok = ok && limit(RLIMIT_AS, MostMemory, MostMemory);
#endif
    std::signal(SIGXFSZ, SIG_IGN); // a warning on a log file fails, and nothing more
    ok = ok && limit(RLIMIT_FSIZE, 0, 0) && limit(RLIMIT_CORE, 0, 0);
    ok = ok && ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
    return ok && grantTime();
}

bool grantTime()
{
    rusage used{};
    if (::getrusage(RUSAGE_SELF, &used) != 0)
        return false;
    const auto seconds = static_cast<rlim_t>(used.ru_utime.tv_sec + used.ru_stime.tv_sec + 1);
    return limit(RLIMIT_CPU, seconds + SecondsPerRequest, RLIM_INFINITY);
}

} // namespace norikv::reducerhost
