// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/keyfeed.h"

#include "client/decode/merge.h"

#include <QObject>

namespace norikv::models {

/// An edit of the key in the inspector, from the first keystroke to the save. It remembers the version it
/// began with; what others write meanwhile is merged on request, never slipped under the edit. Lives on the
/// GUI thread.
class EditSession final : public QObject {
    Q_OBJECT
public:
    explicit EditSession(KeyFeed& feed, QObject* parent = nullptr);

    bool active() const { return m_active; }
    const client::Bytes& key() const { return m_key; }
    /// Begins with what is shown now; a missing key begins empty.
    /// False while the value that was read last is not decoded yet: a moment later it is.
    bool begin();
    void end();
    const Draft& draft() const { return m_draft; }

    /// Puts `mine` and the newer version together, on a worker; merged() tells.
    void merge(const client::Bytes& mine);
    const client::Merge& result() const { return m_merge; }
    /// Their version, as it was merged.
    const client::Entry& theirs() const { return m_theirs; }
    /// The text to go on with; saving now compares with their version.
    client::Bytes accept(const std::vector<client::MergeSide>& sides);
    /// Goes on with the own text on top of whatever is there now, also nothing.
    void keepMine();

    void save(const client::Bytes& text, const TtlChoice& ttl, bool asTyped = false, bool consent = false);

Q_SIGNALS:
    void merged();
    /// Theirs cannot be merged: it is gone, or it is no text any more.
    void unmergeable();

private:
    struct Outcome {
        client::Merge merge;
        Draft theirs;
        bool possible = false;
    };

    KeyFeed& m_feed;
    bool m_active = false;
    client::Bytes m_key;
    Draft m_draft;
    client::Entry m_theirs;
    Draft m_theirDraft;
    client::Merge m_merge;
    Job m_job;
};

} // namespace norikv::models
