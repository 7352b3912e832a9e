// SPDX-License-Identifier: GPL-3.0-or-later
// bench-fill DIR COUNT: fills a sandbox's folder with a shop's keys, to look at a long list by eye.
#include "client/clock.h"
#include "sandbox/engine.h"
#include "sandbox/rocksstorage.h"

#include <cstdio>
#include <cstdlib>
#include <latch>
#include <string>

namespace {

using namespace norikv;

std::string keyOf(std::size_t i)
{
    const std::string n = std::to_string(100'000'000 + i);
    switch (i % 10) {
    case 0:
        return "inventory:reservation:" + n;
    case 1:
        return "inventory:sku-" + n;
    case 2:
        return "events:order-" + std::to_string(i / 50) + ":" + std::to_string(i % 50 / 10 + 1);
    case 3:
        return "tenant:t" + std::to_string(i % 40) + ":user:" + n;
    case 4:
        return "cart:" + n.substr(4) + ":items";
    default:
        return "session:" + n.substr(3) + "-" + n;
    }
}

int fill(const char* folder, std::size_t count)
{
    const SystemClock clock;
    auto storage = sandbox::RocksStorage::open(folder);
    if (!storage) {
        std::fprintf(stderr, "bench-fill: %s\n", storage.error().c_str());
        return 1;
    }
    auto engine = sandbox::Engine::open(std::move(*storage), 1024, sandbox::Quirks::sound(), clock);
    if (!engine) {
        std::fprintf(stderr, "bench-fill: %s\n", engine.error().c_str());
        return 1;
    }
    std::latch done(static_cast<std::ptrdiff_t>(count));
    for (std::size_t i = 0; i < count; ++i) {
        sandbox::Write write;
        write.key = keyOf(i);
        write.value = std::string(20 + i % 300, 'v');
        if (i % 10 == 0 || i % 10 > 4)
            write.ttlMs = 600'000 + i * 37 % 86'400'000;
        write.done = [&](const auto&) { done.count_down(); };
        (*engine)->submit(std::move(write));
    }
    done.wait();
    (*engine)->stop();
    return 0;
}

} // namespace

int main(int argc, char** argv)
{
    if (argc != 3) {
        std::fputs("usage: bench-fill DIR COUNT\n", stderr);
        return 2;
    }
    return fill(argv[1], std::strtoull(argv[2], nullptr, 10));
}
