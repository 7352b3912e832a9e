// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/embed/embedder.h"
#include "client/embed/embeddersettings.h"
#include "models/dispatcher.h"

#include <QString>

namespace norikv::models {
class VectorFeed;
}

namespace norikv::app {

/// What makes vectors of texts while one connection is open: at first the built-in table, then as a person
/// chooses, or chose the last time. The key of an endpoint lives in the embedder alone. GUI thread.
class EmbedderChoice final : public QObject {
    Q_OBJECT

public:
    /// dispatcher and feed must outlive it.
    EmbedderChoice(models::Dispatcher& dispatcher, models::VectorFeed& feed);

    /// The built-in one; nobody pays for it before the panel is opened.
    void begin() { use({}, {}); }
    /// `key` is for this run; empty = from the variable that the settings name, if any.
    void use(const client::EmbedderSettings& settings, const QString& key);

Q_SIGNALS:
    void used(const norikv::client::EmbedderSettings& settings); ///< from now on
    void refused(const QString& why);

private:
    models::Dispatcher& m_dispatcher;
    models::VectorFeed& m_feed;
    models::Job m_job;
};

} // namespace norikv::app
