// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/nodemetricsfeed.h"

namespace norikv::models {

namespace {
using namespace std::chrono_literals;
constexpr auto AskEvery = 5s;
constexpr auto Patience = 1000ms;
} // namespace

NodeMetricsFeed::NodeMetricsFeed(Dispatcher& dispatcher, std::vector<std::string> addresses, QObject* parent)
    : QObject(parent)
    , m_dispatcher(dispatcher)
    , m_addresses([&] {
        std::erase(addresses, std::string());
        return std::move(addresses);
    }())
{
    if (m_addresses.empty())
        return;
    m_timer.setInterval(AskEvery);
    connect(&m_timer, &QTimer::timeout, this, &NodeMetricsFeed::refresh);
    m_timer.start();
    refresh();
}

void NodeMetricsFeed::refresh()
{
    if (m_addresses.empty() || m_job.running())
        return;
    m_job = m_dispatcher.run(
        this,
        [addresses = m_addresses](const std::stop_token& stop) -> Reading {
            client::NodeMetrics sum;
            for (const auto& address : addresses) {
                if (stop.stop_requested())
                    return std::nullopt;
                const auto one = client::readNodeMetrics(address, Patience);
                if (!one)
                    return std::nullopt;
                sum.puts += one->puts;
                sum.casFailed += one->casFailed;
            }
            return sum;
        },
        [this](const Reading& reading) { take(reading); });
}

void NodeMetricsFeed::take(const Reading& reading)
{
    m_share = reading && m_before ? client::conflictShare(*m_before, *reading) : std::nullopt;
    m_before = reading;
    Q_EMIT changed();
}

} // namespace norikv::models
