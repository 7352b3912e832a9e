// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/nodefeed.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace norikv::models {

namespace {

using namespace std::chrono_literals;

constexpr auto AskEvery = 5s;
constexpr auto Patience = 1000ms;
constexpr auto ViewPatience = 2500ms;

std::uint64_t calls(const client::NodeMetrics& metrics)
{
    return metrics.gets + metrics.puts + metrics.removes;
}

/// The first view of a stream of its own.
void askView(client::Store& store, std::size_t node, const std::stop_token& stop, NodeAnswer& answer)
{
    // A stream has no deadline of its own, and a node that is frozen says nothing.
    std::stop_source patience;
    const std::stop_callback forward(stop, [&] { patience.request_stop(); });
    const std::jthread alarm([&patience](const std::stop_token& done) {
        std::mutex mutex;
        std::condition_variable_any never;
        std::unique_lock lock(mutex);
        never.wait_for(lock, done, ViewPatience, [] { return false; });
        patience.request_stop();
    });
    client::Call call;
    call.node = node;
    call.stop = patience.get_token();
    call.why = "ask this node";
    const auto ended = store.watchCluster(call, [&](client::ClusterView view) {
        answer.view = std::make_shared<const client::ClusterView>(std::move(view));
        return false;
    });
    if (!answer.view)
        answer.viewError = ended
            ? client::Error{client::ErrorKind::Server, "the stream ended without a view", {}}
            : ended.error().kind == client::ErrorKind::Cancelled
            ? client::Error{client::ErrorKind::Timeout, "no view within 2.5 s", {}}
            : ended.error();
}

} // namespace

NodeFeed::NodeFeed(
    Dispatcher& dispatcher, client::Connection& connection, const Clock& clock, QObject* parent)
    : QObject(parent)
    , m_dispatcher(dispatcher)
    , m_connection(connection)
    , m_clock(clock)
    , m_answers(connection.profile().seeds.size())
    , m_jobs(connection.profile().seeds.size())
{
    const auto& addresses = connection.profile().httpAddresses;
    for (std::size_t node = 0; node < m_answers.size(); ++node)
        m_answers[node].named = node < addresses.size() && !addresses[node].empty();
    m_timer.setInterval(AskEvery);
    connect(&m_timer, &QTimer::timeout, this, [this] {
        for (std::size_t node = 0; node < m_answers.size(); ++node)
            start(node, false);
    });
}

bool NodeFeed::anyNamed() const { return std::ranges::any_of(m_answers, &NodeAnswer::named); }

void NodeFeed::setWatched(bool watched)
{
    if (!anyNamed() || watched == m_timer.isActive())
        return;
    if (!watched) {
        m_timer.stop();
        return;
    }
    m_timer.start();
    for (std::size_t node = 0; node < m_answers.size(); ++node)
        start(node, false);
}

void NodeFeed::ask(std::size_t node)
{
    if (node >= m_answers.size())
        return;
    start(node, true);
    Q_EMIT changed();
}

void NodeFeed::start(std::size_t node, bool withView)
{
    // A question under way is not asked twice, but a person's question takes the place of a routine one.
    if (m_jobs[node].running() && !withView)
        return;
    if (!m_answers[node].named && !withView)
        return;
    const std::string address
        = m_answers[node].named ? m_connection.profile().httpAddresses[node] : std::string();
    m_jobs[node] = m_dispatcher.run(
        this,
        [&store = m_connection.store(), node, address, withView](const std::stop_token& stop) {
            NodeAnswer answer;
            answer.named = !address.empty();
            if (withView)
                askView(store, node, stop, answer);
            if (address.empty() || stop.stop_requested())
                return answer;
            if (auto health = client::readNodeHealth(address, Patience)) {
                answer.health = std::move(*health);
                if (auto metrics = client::readNodeMetrics(address, Patience))
                    answer.metrics = *metrics;
            } else {
                answer.healthProblem = health.error().message;
            }
            return answer;
        },
        [this, node](NodeAnswer answer) { take(node, std::move(answer)); });
}

void NodeFeed::take(std::size_t node, NodeAnswer answer)
{
    NodeAnswer& before = m_answers[node];
    answer.atMs = m_clock.nowMs();
    const double seconds = static_cast<double>(answer.atMs - before.atMs) / 1000;
    // A counter that fell belongs to a node that started anew.
    if (before.metrics && answer.metrics && seconds > 0.5 && calls(*answer.metrics) >= calls(*before.metrics))
        answer.callsPerSecond
            = static_cast<double>(calls(*answer.metrics) - calls(*before.metrics)) / seconds;
    if (!answer.view && !answer.viewError)
        answer.view = before.view;
    before = std::move(answer);
    Q_EMIT changed();
}

} // namespace norikv::models
