// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/dispatcher.h"
#include "models/errortext.h"

#include "client/demo/loadcomparison.h"

#include <QObject>
#include <QTimer>

#include <memory>
#include <optional>

namespace norikv::models {

/// The same load on one key and on shards side by side, with its figures while it runs and its books at the
/// end. The guard has been asked before start().
class ComparisonFeed final : public QObject {
    Q_OBJECT
public:
    ComparisonFeed(
        Dispatcher& dispatcher, client::Store& store, const Clock& clock, QObject* parent = nullptr);

    enum class State { Idle, Starting, Running, Paused, Finished, Failed };
    State state() const { return m_state; }
    bool active() const
    {
        return m_state == State::Starting || m_state == State::Running || m_state == State::Paused;
    }
    const client::LoadComparison::Side& basic() const { return m_basic; }
    const client::LoadComparison::Side& sharded() const { return m_sharded; }
    /// Once finished: what was acknowledged and what is stored.
    const std::optional<client::LoadComparison::Books>& books() const { return m_books; }
    const ErrorText& error() const { return m_error; } ///< when Failed

    void start(const client::LoadPlan& plan);
    void setPaused(bool paused);
    void stop();

Q_SIGNALS:
    void changed();

private:
    void look();
    void close();
    void failed(const client::Error& error, const QString& action);

    Dispatcher& m_dispatcher;
    std::shared_ptr<client::LoadComparison> m_comparison; ///< shared with the jobs that start and close it
    State m_state = State::Idle;
    client::LoadComparison::Side m_basic, m_sharded;
    std::optional<client::LoadComparison::Books> m_books;
    ErrorText m_error;
    QTimer m_timer;
    Job m_job;
};

} // namespace norikv::models
