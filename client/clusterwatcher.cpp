// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/clusterwatcher.h"

#include "client/retryingstore.h"

#include <random>

namespace norikv::client {

using namespace std::chrono_literals;

namespace {
constexpr auto SuspectAfter = 5s;
constexpr auto RedialAfter = 10s;
constexpr auto CheckEvery = 500ms;
} // namespace

ClusterWatcher::ClusterWatcher(Store& store, ClusterState& state, const Clock& clock, Dialler dialler)
    : m_store(store)
    , m_state(state)
    , m_clock(clock)
    , m_dialler(std::move(dialler))
{
    for (std::size_t i = 0; i < state.nodeCount(); ++i) {
        m_seeds.push_back(std::make_unique<Seed>());
        m_seeds.back()->heard = clock.elapsed();
    }
    for (std::size_t i = 0; i < state.nodeCount(); ++i)
        m_threads.emplace_back([this, i](const std::stop_token& stop) { follow(i, stop); });
    m_threads.emplace_back([this](const std::stop_token& stop) { watchSilence(stop); });
}

ClusterWatcher::~ClusterWatcher()
{
    for (auto& thread : m_threads)
        thread.request_stop();
}

void ClusterWatcher::follow(std::size_t node, const std::stop_token& stop)
{
    Seed& seed = *m_seeds[node];
    const Sleeper pause = realSleeper();
    std::minstd_rand random{std::random_device{}()};
    std::uniform_int_distribution<int> jitter(100, 200);
    while (!stop.stop_requested()) {
        Call call;
        call.node = node;
        call.background = true;
        call.why = "cluster";
        {
            const std::scoped_lock lock(seed.mutex);
            seed.stream = std::stop_source();
            call.stop = seed.stream.get_token();
        }
        // Both the watcher's end and a redial must end the stream.
        const std::stop_callback forward(stop, [&seed] {
            const std::scoped_lock lock(seed.mutex);
            seed.stream.request_stop();
        });
        const auto end = m_store.watchCluster(call, [&](ClusterView view) {
            {
                const std::scoped_lock lock(seed.mutex);
                seed.heard = m_clock.elapsed();
            }
            m_state.applyView(node, view);
            return true;
        });
        if (stop.stop_requested())
            return;
        m_state.setLink(node, Link::Down, end ? "the server closed the stream" : end.error().message);
        // Waiting for the connection is what drives it; a stream that is refused at once must not spin.
        const auto wait = std::chrono::milliseconds(jitter(random));
        const auto start = m_clock.elapsed();
        m_dialler.await(node, wait);
        const auto waited = std::chrono::duration_cast<std::chrono::milliseconds>(m_clock.elapsed() - start);
        if (waited < wait && !pause(std::min(wait - waited, wait), stop))
            return;
    }
}

void ClusterWatcher::watchSilence(const std::stop_token& stop)
{
    const Sleeper pause = realSleeper();
    while (pause(CheckEvery, stop)) {
        for (std::size_t node = 0; node < m_seeds.size(); ++node) {
            Seed& seed = *m_seeds[node];
            std::stop_source stream;
            Clock::Elapsed silent{};
            {
                const std::scoped_lock lock(seed.mutex);
                silent = m_clock.elapsed() - seed.heard;
                stream = seed.stream;
                if (silent >= RedialAfter)
                    seed.heard = m_clock.elapsed();
            }
            if (silent >= RedialAfter) {
                m_state.setLink(node, Link::Down, "silent for 10 s; dialling again");
                m_dialler.redial(node);
                stream.request_stop();
            } else if (silent >= SuspectAfter && m_state.snapshot().nodes[node].link == Link::Up) {
                m_state.setLink(node, Link::Suspect, "silent for 5 s");
            }
        }
    }
}

} // namespace norikv::client
