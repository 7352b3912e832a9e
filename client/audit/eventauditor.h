// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/audit/auditor.h"
#include "client/audit/eventrules.h"

#include <set>

namespace norikv::client {

/// E1-E3, E5, E6, E8 and E9 in one look, E4 and E7 while watching. Keeps some dozen bytes of each event.
class EventAuditor final : public Auditor {
public:
    std::map<std::string, std::uint64_t> examined() const override;
    /// Metas: an event that is younger than its meta's reading is no orphan.
    bool owns(std::string_view key) const override;
    void take(const Entry& entry, EpochMs nowMs) override;
    void again(const Entry& entry) override;
    bool stable() const override { return m_moved.empty(); }
    void setCoverage(Coverage coverage) override { m_complete = coverage == Coverage::Complete; }
    std::vector<Finding> judge(EpochMs nowMs) const override;
    void watched(const ChangeEvent& event, EpochMs nowMs) override;
    std::vector<Finding> judgeWatched(EpochMs nowMs) override;
    std::vector<NotJudged> notJudged(const AuditScope& scope) const override;

private:
    EventStreamFacts& facts(const EventStreamId& stream);

    std::map<EventStreamId, EventStreamFacts> m_streams;
    std::set<EventStreamId> m_moved; ///< whose meta changed while the events were read
    std::set<EventStreamId> m_changed; ///< since the last judgeWatched()
    bool m_complete = false;
};

} // namespace norikv::client
