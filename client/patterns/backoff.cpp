// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/patterns/backoff.h"

#include <algorithm>
#include <random>

namespace norikv::client {

namespace {

std::chrono::milliseconds jitter(int upTo)
{
    thread_local std::minstd_rand random{std::random_device{}()};
    return std::chrono::milliseconds(std::uniform_int_distribution<int>(0, upTo)(random));
}

} // namespace

CasPolicy CasPolicy::basicCounter()
{
    return {20,
        [](int n) { return std::chrono::milliseconds(std::min(1 << std::min(n, 10), 1000)) + jitter(100); }};
}

CasPolicy CasPolicy::counterShard()
{
    return {10, [](int n) { return std::chrono::milliseconds((1 << n) * 10) + jitter(10); }};
}

CasPolicy CasPolicy::inventory()
{
    return {10, [](int n) { return std::chrono::milliseconds((1 << n) * 10); }};
}

CasPolicy CasPolicy::session()
{
    return {5, [](int n) { return std::chrono::milliseconds((1 << n) * 10); }};
}

CasPolicy CasPolicy::impatient(int attempts)
{
    return {attempts, [](int) { return std::chrono::milliseconds(0); }};
}

} // namespace norikv::client
