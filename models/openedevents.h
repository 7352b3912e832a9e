// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/sheetkeeper.h"

#include "client/audit/finding.h"
#include "client/patterns/event.h"

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace norikv::models {

/// One event of an opened stream.
struct EventRow {
    client::Bytes key; ///< the stored key
    client::EventPtr event;
    std::string wrong; ///< rules whose evidence it is

    std::uint64_t number() const { return event->number; }
};

/// The events of one opened stream, kept whole; a part of EventBook, under its mutex.
class OpenedEvents {
public:
    /// No stream is open; what publish() then gives is empty.
    OpenedEvents() = default;
    explicit OpenedEvents(client::EventStreamId stream)
        : m_stream(std::move(stream))
    {
    }

    const std::optional<client::EventStreamId>& stream() const { return m_stream; }
    bool has(std::uint64_t number) const { return m_all.contains(number); }
    void keep(const client::EventPtr& event);
    void forget(std::uint64_t number);
    /// All that was stored before it was opened has been kept.
    void complete() { m_complete = m_moved = true; }
    /// Rows of these types alone are shown; empty = all. The next view then stands for itself.
    void setTypes(const std::set<std::string>& types);
    /// Which events are evidence of a finding.
    void mark(const std::vector<client::Finding>& findings);

    struct View {
        std::optional<client::EventStreamId> stream; ///< empty = none is open
        std::shared_ptr<const SheetView<EventRow>> shown; ///< those that the type filter lets through
        /// All of them, to be folded, once complete. The same pointer when nothing came, or nobody looks.
        std::shared_ptr<const client::EventList> all;
        bool complete = false; ///< the first reading is over
    };
    /// `looked` = somebody folds what comes; else no new list of all is made.
    View publish(bool looked);

private:
    static bool byNumber(const EventRow& a, const EventRow& b) { return a.number() < b.number(); }
    void show(const client::EventPtr& event);

    std::optional<client::EventStreamId> m_stream;
    SheetKeeper<EventRow> m_rows{byNumber};
    std::map<std::uint64_t, client::EventPtr> m_all;
    std::shared_ptr<const client::EventList> m_list = std::make_shared<client::EventList>();
    std::map<client::Bytes, std::string> m_wrong; ///< rules by the key of their evidence
    bool m_complete = false;
    bool m_moved = false; ///< m_all is another than m_list
};

} // namespace norikv::models
