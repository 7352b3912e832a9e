// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/dispatcher.h"
#include "models/errortext.h"
#include "models/valuelayout.h"

#include "client/connection.h"

#include <QObject>
#include <QTimer>

#include <optional>

namespace norikv::models {

/// What to do with a key's expiry when its value is saved. A Put without a ttl clears it, so this is always
/// said.
struct TtlChoice {
    enum class Kind { Keep, None, New };
    Kind kind = Kind::Keep;
    std::chrono::milliseconds ttl{0}; ///< of New
};

/// One key in the inspector: read, followed, saved by compare-and-set, deleted. Reading never changes
/// anything.
class KeyFeed final : public QObject {
    Q_OBJECT
public:
    KeyFeed(Dispatcher& dispatcher, client::Connection& connection, const Clock& clock,
        QObject* parent = nullptr);

    enum class State { Empty, Loading, Ready, Missing, Failed };
    State state() const { return m_state; }
    const client::Bytes& key() const { return m_key; }
    const client::Entry& entry() const { return m_entry; }
    const ErrorText& error() const { return m_error; }
    std::uint32_t shard() const;
    /// Node that leads the shard, or empty.
    QString leader() const;
    /// Something newer than entry() was seen while following.
    bool moved() const { return m_moved; }
    /// The value cut into lines for showing; made on a worker, announced by laidOut().
    const ValueLayout& view() const { return m_view; }
    ViewMode mode() const { return m_mode; }
    void setMode(ViewMode mode);
    /// Remaining life, if known.
    std::optional<std::chrono::milliseconds> remaining() const;

    void open(const client::Bytes& key);
    void refresh();
    /// Follow the key: ask every 2 s. Off while the inspector is hidden.
    void setFollowing(bool on);
    /// Compare-and-set on the version shown. A missing key is created only if it is still missing.
    void save(const client::Bytes& value, const TtlChoice& ttl, bool consent = false);
    void remove(bool consent = false);

    struct Saved {
        bool ok = false;
        bool needsConsent = false;
        bool conflict = false;
        bool deleted = false;
        client::Bytes key; ///< which one: another may be open by now
        QString text;
        QString remedy;
    };

Q_SIGNALS:
    void changed();
    void laidOut();
    void saved(const norikv::models::KeyFeed::Saved& saved);

private:
    void keep(Job job);
    bool writing() const;
    void read(bool quiet);
    void layOut();
    /// What came of a write to `key`: an error, or what was read afterwards where that could be read.
    using Written = client::Result<std::optional<client::Entry>>;
    void finished(const client::Bytes& key, const Written& result, const QString& action, bool deleted);

    Dispatcher& m_dispatcher;
    client::Connection& m_connection;
    const Clock& m_clock;
    State m_state = State::Empty;
    client::Bytes m_key;
    client::Entry m_entry;
    ErrorText m_error;
    bool m_moved = false;
    QTimer m_follow;
    ViewMode m_mode = ViewMode::Text;
    bool m_modeChosen = false; ///< by a person; else the value decides
    ValueLayout m_view;
    Job m_readJob, m_layoutJob;
    std::vector<Job> m_writes; ///< each runs to its end: a write that was sent must be told
};

} // namespace norikv::models
