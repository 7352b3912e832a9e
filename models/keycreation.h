// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/dispatcher.h"
#include "models/errortext.h"

#include "client/connection.h"

#include <QObject>

#include <chrono>
#include <optional>

namespace norikv::models {

/// Makes keys that must not exist yet (rulings 3), one at a time, and reads what a copy starts from. Lives on
/// the GUI thread; what it refers to must outlive it.
class KeyCreation final : public QObject {
    Q_OBJECT
public:
    KeyCreation(
        Dispatcher& dispatcher, client::Connection& connection, const Clock& clock, QObject* parent = nullptr);

    /// What came of create().
    struct Made {
        bool ok = false;
        bool exists = false; ///< refused: there is such a key
        bool needsConsent = false; ///< ask, then create() with consent
        client::Bytes key;
        QString text; ///< one sentence
    };
    /// What a copy starts from.
    struct Source {
        client::Entry entry;
        std::optional<std::chrono::milliseconds> left; ///< of its life, where that is known
        QString problem; ///< why it could not be read; empty = it was
    };

    /// Creates `key` unless it exists; `ttl` 0 = no expiry. Answered by made(). A write that was sent is told
    /// even when another was asked for since.
    void create(
        const client::Bytes& key, const client::Bytes& value, std::chrono::milliseconds ttl, bool consent = false);
    /// Answered by sourceRead().
    void read(const client::Bytes& source);
    bool writing() const { return m_write.running(); }

Q_SIGNALS:
    void made(const norikv::models::KeyCreation::Made& made);
    void sourceRead(const norikv::models::KeyCreation::Source& source);

private:
    Dispatcher& m_dispatcher;
    client::Connection& m_connection;
    const Clock& m_clock;
    Job m_read;
    Job m_write;
};

} // namespace norikv::models
