// SPDX-License-Identifier: GPL-3.0-or-later
// Rules E1-E9 (panels.md 2.5, rulings 1 and 2): pure, from what was read of one stream to findings. Engine
// versions of different events are never compared: their keys live in different shards.
#pragma once

#include "client/audit/finding.h"
#include "client/patterns/event.h"
#include "client/values.h"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace norikv::client {

/// What the rules need of one event; small, because millions are kept.
struct EventFacts {
    enum class Move : std::uint8_t { None, Opened, Deposited, Withdrawn, Odd }; ///< of a bank account
    std::uint64_t valueHash = 0;
    std::uint64_t idHash = 0; ///< 0 = no id
    std::uint64_t dataHash = 0;
    EpochMs timeMs = 0; ///< 0 = not told
    double amount = 0; ///< of Deposited and Withdrawn
    std::uint32_t typeHash = 0;
    Move move = Move::None;
    bool readable = false;
    bool otherNumber = false; ///< the envelope names another version than the key
    bool otherAggregate = false;

    static EventFacts of(const EventRecord& event);
};

/// One stream as it was read, and what was seen of it over time.
class EventStreamFacts {
public:
    explicit EventStreamFacts(EventStreamId stream)
        : m_stream(std::move(stream))
    {
    }

    const EventStreamId& stream() const { return m_stream; }
    const std::map<std::uint64_t, EventFacts>& events() const { return m_events; }
    const std::optional<std::uint64_t>& meta() const { return m_meta; } ///< the version it names
    bool metaThere() const { return m_metaThere; }
    bool empty() const { return m_events.empty() && !m_metaThere; }
    std::uint64_t last() const { return m_events.empty() ? 0 : m_events.rbegin()->first; }

    /// An event is stored. Other bytes than before are kept for E4.
    void put(std::uint64_t number, const EventFacts& facts, EpochMs nowMs);
    void putMeta(std::string_view value, EpochMs nowMs);
    /// It was deleted, or asked for and is not there.
    void missing(std::uint64_t number);
    void metaMissing();
    /// A full list did not name these numbers.
    template <class Gone> void eraseIf(const Gone& gone)
    {
        std::erase_if(m_events, [&](const auto& each) { return gone(each.first); });
    }

    /// No event was rewritten so lately that it may still turn out to be E3 or E4.
    bool settled(EpochMs nowMs) const;

    /// E1-E9. `complete`: every key that exists was listed; without it only numbers that were asked for and
    /// are not there are gaps. One damage gives one finding: a gap or a rewritten event is no broken
    /// invariant too.
    std::vector<Finding> judge(bool complete, EpochMs nowMs) const;

    /// Numbers up to the meta that are missing, as ranges, the oldest first, at most `most`.
    struct Range {
        std::uint64_t first = 0;
        std::uint64_t last = 0;
    };
    std::vector<Range> gaps(bool complete, std::size_t most = 100) const;

private:
    struct Fall {
        std::uint64_t from = 0, to = 0;
        EpochMs atMs = 0;
    };
    std::optional<Finding> gap(bool complete, EpochMs nowMs) const;
    std::optional<Finding> orphans(EpochMs nowMs) const;
    std::vector<std::uint64_t> repeated() const;
    std::optional<Finding> lost(const std::vector<std::uint64_t>& repeats, EpochMs nowMs) const;
    std::optional<Finding> rewritten(const std::vector<std::uint64_t>& repeats, EpochMs nowMs) const;
    std::optional<Finding> envelope(EpochMs nowMs) const;
    std::optional<Finding> backwards(EpochMs nowMs) const;
    std::optional<Finding> metaFell() const;
    std::optional<Finding> keyShape(EpochMs nowMs) const;
    std::optional<Finding> invariant(EpochMs nowMs) const;
    Finding make(const char* rule, Severity severity, Bytes key, std::string evidence, EpochMs nowMs) const;

    EventStreamId m_stream;
    std::map<std::uint64_t, EventFacts> m_events;
    std::set<std::uint64_t> m_missing; ///< asked for, and not there
    std::optional<std::uint64_t> m_meta;
    bool m_metaThere = false;
    bool m_metaKnown = false; ///< it was listed or asked for
    std::uint64_t m_highest = 0; ///< that a meta ever named
    std::map<std::uint64_t, EpochMs> m_rewrites; ///< when other bytes were seen first; at most a thousand
    std::optional<Fall> m_fall;
};

} // namespace norikv::client
