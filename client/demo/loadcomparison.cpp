// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/demo/loadcomparison.h"

namespace norikv::client {

namespace {

bool active(LoadState state)
{
    return state == LoadState::Running || state == LoadState::Paused || state == LoadState::Stopping;
}

} // namespace

LoadComparison::LoadComparison(Store& store, const Clock& clock)
    : m_basic(store, clock)
    , m_sharded(store, clock)
{
}

Result<void> LoadComparison::start(const LoadPlan& plan)
{
    // New names: old counts would stand in the way of a fair start.
    const Bytes name = "compare:" + randomUuid().substr(0, 8);
    LoadPlan one = plan;
    one.counter = name + ":basic";
    one.sharded = false;
    LoadPlan wide = plan;
    wide.counter = name + ":wide";
    wide.sharded = true;
    if (const auto started = m_basic.start(one); !started)
        return started;
    const auto started = m_sharded.start(wide);
    if (!started)
        m_basic.stop();
    return started;
}

void LoadComparison::pause()
{
    m_basic.pause();
    m_sharded.pause();
}

void LoadComparison::resume()
{
    m_basic.resume();
    m_sharded.resume();
}

void LoadComparison::stop()
{
    m_basic.stop();
    m_sharded.stop();
}

LoadComparison::Side LoadComparison::basic() const { return {m_basic.plan(), m_basic.stats()}; }
LoadComparison::Side LoadComparison::sharded() const { return {m_sharded.plan(), m_sharded.stats()}; }

bool LoadComparison::running() const
{
    return active(m_basic.stats().state) || active(m_sharded.stats().state);
}

bool LoadComparison::finished() const
{
    return m_basic.stats().state == LoadState::Finished && m_sharded.stats().state == LoadState::Finished;
}

Result<LoadComparison::Books> LoadComparison::closeBooks()
{
    const auto basic = m_basic.closeBooks();
    if (!basic)
        return tl::unexpected(basic.error());
    return m_sharded.closeBooks().map([&](const ClosedRun& sharded) { return Books{*basic, sharded}; });
}

} // namespace norikv::client
