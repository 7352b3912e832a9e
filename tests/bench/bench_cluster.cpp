// SPDX-License-Identifier: GPL-3.0-or-later
// P-shardmap: the overview while 1,024 shards on three nodes change leaders a hundred times a second.
#include "figure.h"
#include "guithread.h"

#include "models/findingsmodel.h"
#include "tests/models/manynodes.h"
#include "widgets/overviewpage.h"
#include "widgets/theme.h"

#include <chrono>
#include <thread>

namespace norikv::bench {

namespace {

constexpr std::uint32_t Shards = 1024;
constexpr double Allowed = 50; // ms

/// Worst heartbeat of the GUI thread with the page shown, against the same page while nothing moves.
class ShardMapStall final : public Bench {
public:
    explicit ShardMapStall(const Effort& effort)
        : m_seconds(effort.seconds(5))
    {
        m_bench.profile.totalShards = Shards;
        m_bench.sayEvenly();
        m_bench.open();
        m_page = std::make_unique<widgets::OverviewPage>(*m_bench.feed, m_findings, m_theme);
        m_page->resize(1200, 800);
        m_page->show();
        spinUntil([this] { return m_bench.feed->map().led + 4 == Shards; });
    }
    ~ShardMapStall() override { m_page.reset(); }

    double ours() override
    {
        std::jthread nodes([this](const std::stop_token& stop) { moveLeaders(stop); });
        const auto late = stalls(m_seconds);
        nodes.request_stop();
        nodes.join();
        const auto expected = m_last;
        spinUntil([&] { return m_bench.feed->map().cells[expected.first].leader == expected.second; });
        return percentile(late, 1);
    }
    double ceiling() override { return percentile(stalls(m_seconds), 1); }
    double ratio(double ours, double ceiling) const override { return (ours - ceiling) / Allowed; }
    std::string note() const override
    {
        return std::to_string(m_bench.feed->electionCount())
            + " elections on disk; ratio = beyond the idle page / 50 ms";
    }

private:
    /// Every 10 ms one shard moves to the next node and all three say all they lead.
    void moveLeaders(const std::stop_token& stop)
    {
        std::vector<int> leader(Shards);
        for (std::uint32_t shard = 0; shard < Shards; ++shard)
            leader[shard] = static_cast<int>(shard % 3);
        auto next = std::chrono::steady_clock::now();
        for (std::uint32_t move = 0; !stop.stop_requested(); ++move) {
            const std::uint32_t shard = move * 37 % Shards;
            leader[shard] = (leader[shard] + 1) % 3;
            m_last = {shard, leader[shard]};
            for (int node = 0; node < 3; ++node) {
                std::vector<std::uint32_t> led;
                for (std::uint32_t each = 0; each < Shards; ++each) {
                    if (leader[each] == node)
                        led.push_back(each);
                }
                const auto view = test::ManyNodes::view("node" + std::to_string(node), led);
                m_bench.store.say(static_cast<std::size_t>(node), view);
                m_bench.connection->cluster().applyView(static_cast<std::size_t>(node), view);
            }
            next += std::chrono::milliseconds(10);
            std::this_thread::sleep_until(next);
        }
    }

    const double m_seconds;
    test::ClusterBench m_bench;
    models::FindingsModel m_findings;
    widgets::Theme m_theme{widgets::ThemePreference::Light};
    std::unique_ptr<widgets::OverviewPage> m_page;
    std::pair<std::uint32_t, int> m_last; ///< read after the thread has ended
};

} // namespace

std::vector<Figure> clusterFigures()
{
    return {{"P-shardmap", "worst GUI stall at 100 leader changes a second, of 50 ms", Better::Lower, 1, "ms",
        [](const Effort& effort) { return std::make_unique<ShardMapStall>(effort); }}};
}

} // namespace norikv::bench
