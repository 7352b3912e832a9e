// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/audit/finding.h"
#include "client/values.h"

#include <functional>
#include <mutex>
#include <string_view>
#include <vector>

namespace norikv::models {

/// How a follower stands while its book speaks.
struct FollowStatus {
    client::Coverage coverage = client::Coverage::None;
    bool live = false; ///< told by Watch, not asked for
    EpochMs nowMs = 0; ///< the server's time where it tells it, else ours
    std::int64_t clockOffsetMs = 0; ///< server minus local
};

/// One pattern's records as they are stored now, kept by an EntryFollower. Every member is called with
/// mutex() held: by the follower's thread, and by workers that change what is asked of the book. No thread
/// and no clock of its own. Keep it pure: tests call the members in order and look at what it publishes.
class EntryBook {
public:
    virtual ~EntryBook() = default;
    std::mutex& mutex() { return m_mutex; }

    enum class Gone { Deleted, Expired, Missing };

    /// A stored key with its value, listed or changed.
    virtual void put(const client::Entry& entry, const FollowStatus& status) = 0;
    virtual void gone(const client::Bytes& key, Gone how, const FollowStatus& status) = 0;
    /// The list was told to its end; `listed` answers whether it named a key. Rows it did not name are gone.
    virtual void listed(const std::function<bool(std::string_view)>& listed, const FollowStatus& status) = 0;
    /// The stream broke: until the next listed() versions prove nothing (the server may have restarted).
    virtual void interrupted() { }
    /// An expiry that this program set itself, told by the catalogue.
    virtual void setHere(const client::Bytes& /*key*/, EpochMs /*expiresAtMs*/) { }
    /// Called at most four times a second, and at once after a person's request. Hands what changed, and
    /// findings that have stood for 5 s, to the feed.
    virtual void publish(const FollowStatus& status) = 0;
    /// Further keys that those known here name, to be asked for where the server cannot list.
    virtual std::vector<client::Bytes> alsoAsk() const { return {}; }

private:
    std::mutex m_mutex;
};

} // namespace norikv::models
