// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/dispatcher.h"
#include "models/errortext.h"
#include "models/valuediff.h"

#include "client/connection.h"

#include <QObject>

namespace norikv::models {

/// Two keys side by side: both are read anew, unwrapped and compared on a worker. Lives on the GUI thread.
class KeyCompare final : public QObject {
    Q_OBJECT
public:
    KeyCompare(Dispatcher& dispatcher, client::Connection& connection, QObject* parent = nullptr);

    enum class State { Empty, Loading, Ready, Failed };
    State state() const { return m_state; }
    const ErrorText& error() const { return m_error; }
    const client::Entry& left() const { return m_left; } ///< values left out
    const client::Entry& right() const { return m_right; }
    const DiffLayout& diff() const { return m_diff; }

    /// A missing key compares as an empty one; left() and right() tell which is missing.
    void compare(const client::Bytes& left, const client::Bytes& right);

Q_SIGNALS:
    void changed();

private:
    struct Outcome {
        client::Entry left, right;
        DiffLayout diff;
        std::optional<client::Error> error;
        client::Bytes failed; ///< which key
    };

    Dispatcher& m_dispatcher;
    client::Connection& m_connection;
    State m_state = State::Empty;
    ErrorText m_error;
    client::Entry m_left, m_right;
    DiffLayout m_diff;
    Job m_job;
};

} // namespace norikv::models
