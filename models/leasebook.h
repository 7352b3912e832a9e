// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/dispatcher.h"
#include "models/entrybook.h"

#include "client/audit/leaserules.h"
#include "client/profile.h"

#include <map>
#include <memory>

namespace norikv::models {

/// What the feed is handed: every lease as it was seen so far, by key.
struct LeaseSheet {
    std::vector<client::LeaseTrack> leases;
    std::vector<client::Finding> findings;

    std::size_t bytes() const
    {
        std::size_t sum = sizeof(*this);
        for (const auto& lease : leases)
            sum += sizeof(lease) + lease.spans().size() * (sizeof(client::LeaseTrack::Span) + 32)
                + lease.beats().size() * sizeof(EpochMs);
        return sum;
    }
};

/// Turns looks at `leader:` keys into tracks.
class LeaseBook final : public EntryBook {
public:
    using Queue = ChunkQueue<std::shared_ptr<const LeaseSheet>>;
    LeaseBook(client::Profile profile, std::shared_ptr<Queue> queue);

    void put(const client::Entry& entry, const FollowStatus& status) override;
    void gone(const client::Bytes& key, Gone how, const FollowStatus& status) override;
    void listed(const std::function<bool(std::string_view)>& listed, const FollowStatus& status) override;
    void interrupted() override;
    void publish(const FollowStatus& status) override;

private:
    client::LeaseTrack& track(const client::Bytes& key);

    const client::Profile m_profile;
    std::shared_ptr<Queue> m_queue;
    std::map<client::Bytes, client::LeaseTrack> m_tracks;
    bool m_listed = false;
    std::map<std::pair<std::string, client::Bytes>, std::pair<EpochMs, EpochMs>> m_told; ///< first, last
};

} // namespace norikv::models
