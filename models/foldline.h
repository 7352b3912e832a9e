// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/patterns/fold.h"

#include <memory>
#include <mutex>
#include <optional>

namespace norikv::models {

/// The timelines that an EventReplay's workers fold on: one stream under one reducer, and the same without
/// one event. Safe from any thread; whoever comes second waits, so it is for workers.
class FoldLine {
public:
    using Events = std::shared_ptr<const client::EventList>;

    /// Without a chosen reducer the one that fits the events' types.
    FoldLine(std::shared_ptr<const client::Reducer> chosen, client::Bytes aggregate);

    /// Calls `work` with the timeline of these events; it answers a Result. Errors are those of the reducer,
    /// Cancelled when stopped.
    template <class Work> auto with(const Events& events, const std::stop_token& stop, const Work& work)
    {
        using Answer = decltype(work(std::declval<client::Timeline&>()));
        const std::scoped_lock lock(m_mutex);
        if (auto ready = prepare(events, stop); !ready)
            return Answer(tl::unexpected(ready.error()));
        return work(*m_main);
    }
    /// The same of the events without the one at `left`, from 0.
    template <class Work>
    auto without(std::size_t left, const Events& events, const std::stop_token& stop, const Work& work)
    {
        using Answer = decltype(work(std::declval<client::Timeline&>()));
        const std::scoped_lock lock(m_mutex);
        if (auto ready = prepareOther(left, events, stop); !ready)
            return Answer(tl::unexpected(ready.error()));
        return work(*m_other);
    }
    /// Null before the first work.
    std::shared_ptr<const client::Reducer> reducer() const;

private:
    client::Result<void> prepare(const Events& events, const std::stop_token& stop);
    client::Result<void> prepareOther(std::size_t left, const Events& events, const std::stop_token& stop);

    const std::shared_ptr<const client::Reducer> m_chosen;
    const client::Bytes m_aggregate;
    mutable std::mutex m_mutex;
    std::optional<client::ReducerKind> m_kind; ///< empty = chosen
    std::shared_ptr<const client::Reducer> m_reducer;
    std::unique_ptr<client::Timeline> m_main;
    std::unique_ptr<client::Timeline> m_other;
    Events m_events; ///< that m_main holds; empty while it is being made
    Events m_otherEvents; ///< that m_other was made of
    std::size_t m_left = 0;
};

} // namespace norikv::models
