// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/dispatcher.h"
#include "models/errortext.h"
#include "models/keyhistory.h"
#include "models/keywatcher.h"
#include "models/valuepresenter.h"

#include "client/connection.h"

#include <QObject>
#include <QTimer>

#include <functional>
#include <memory>
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
/// anything. While an edit is under way, what others write waits in newer(): it is never put under the edit.
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
    bool moved() const { return m_newer.has_value(); }
    /// What was seen, which may be that the key is gone.
    const std::optional<client::Entry>& newer() const { return m_newer; }
    /// `theirs`, which was newer() when it was looked at, becomes entry(): the next save compares with its
    /// version. What came after it stays newer().
    void adopt(const client::Entry& theirs);
    /// An edit begins or ends.
    void hold(bool editing);

    ValuePresenter& presenter() { return m_presenter; }
    /// The value cut into lines for showing; made on a worker, announced by laidOut().
    const ValueLayout& view() const { return m_presenter.now().layout; }
    ViewMode mode() const { return m_presenter.mode(); }
    void setMode(ViewMode mode) { m_presenter.setMode(mode); }
    KeyHistory& history() { return m_history; }
    client::Connection& connection() { return m_connection; }
    Dispatcher& dispatcher() { return m_dispatcher; }
    /// Remaining life, if known: by the clock of the server where it told the expiry and its time.
    std::optional<std::chrono::milliseconds> remaining() const;
    /// Server's clock minus ours; zero until the server told its time.
    std::chrono::milliseconds clockOffset() const
    {
        return m_connection.serverClock().offset().value_or(std::chrono::milliseconds(0));
    }
    /// Changes are told by the server; else we ask every 2 s.
    bool live() const { return m_live; }
    bool following() const { return m_follow.isActive() || m_live; }
    /// A write was asked for and its outcome is not told yet. It runs to its deadline, also when the feed
    /// goes.
    bool writing() const;

    void open(const client::Bytes& key);
    void refresh();
    /// Follow the key: Watch where the server offers it, else ask every 2 s. Off while the inspector is
    /// hidden.
    void setFollowing(bool on);
    /// Compare-and-set on the version of entry(). A missing key is created only if it is still missing.
    void save(const client::Bytes& value, const TtlChoice& ttl, bool consent = false);
    /// The same for an edited text, which goes back into its layers first (storedValue).
    void saveDraft(const Draft& draft, const client::Bytes& text, const TtlChoice& ttl, bool asTyped = false,
        bool consent = false);
    void remove(bool consent = false);

    struct Saved {
        bool ok = false;
        bool needsConsent = false;
        bool conflict = false;
        bool deleted = false;
        bool badJson = false; ///< could be saved as it is typed
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
    void read(bool quiet);
    void take(client::Entry entry);
    void heard(const WatchNews& news);
    void write(client::Put put, std::function<client::Result<client::Bytes>()> value, bool consent);
    client::Put putFor(const TtlChoice& ttl) const;
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
    std::optional<client::Entry> m_newer;
    bool m_held = false;
    bool m_wantsNews = false;
    bool m_live = false;
    QTimer m_follow;
    ValuePresenter m_presenter;
    KeyHistory m_history;
    Job m_readJob;
    std::vector<Job> m_writes; ///< each runs to its end: a write that was sent must be told
    std::unique_ptr<KeyWatcher> m_watcher; ///< from the first following on
};

} // namespace norikv::models
