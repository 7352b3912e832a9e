// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sandbox/record.h"

#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace norikv::sandbox {

/// One change, as Explore.Watch tells it.
struct Event {
    enum class Kind { Put, Delete, Expire };
    Kind kind = Kind::Put;
    std::uint64_t revision = 0;
    std::string key;
    std::string value;
    RecordMeta meta;
};

/// The last 100,000 changes (and at most 256 MiB of them), for Watch. Revisions count the changes of the
/// store from 2; an empty store is at revision 1, because a watch after revision 0 means "from now". The
/// committer publishes, any thread reads.
class History {
public:
    static constexpr std::size_t maxEvents = 100'000;
    static constexpr std::size_t maxBytes = 256U << 20U;

    explicit History(std::uint64_t revision)
        : m_last(revision)
        , m_reserved(revision)
    {
    }

    /// Revisions up to this may become visible in a scan before they are published.
    void reserve(std::uint64_t revision);
    void publish(std::vector<Event> events);
    /// Called after each publish, on the committer's thread; must be quick. Set once, before the first
    /// publish.
    void onPublish(std::function<void()> call) { m_onPublish = std::move(call); }

    std::uint64_t last() const;

    struct Page {
        bool gone = false; ///< the revision asked for is older than the history, or not of this store
        std::uint64_t oldest = 0;
        std::uint64_t upTo = 0; ///< everything up to this revision was looked at
        std::vector<std::shared_ptr<const Event>> events;
    };
    /// What happened after a revision to keys with this prefix: at most 1,024 events or about 1 MiB.
    Page after(std::uint64_t revision, std::string_view prefix) const;

private:
    mutable std::mutex m_mutex;
    std::deque<std::shared_ptr<const Event>> m_events; ///< without gaps, the newest has revision m_last
    std::size_t m_bytes = 0;
    std::uint64_t m_last;
    std::uint64_t m_reserved;
    std::function<void()> m_onPublish;
};

} // namespace norikv::sandbox
