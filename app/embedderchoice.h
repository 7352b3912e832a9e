// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/embed/embedder.h"
#include "client/profile.h"
#include "models/dispatcher.h"

#include <QString>

namespace norikv::models {
class VectorFeed;
}

namespace norikv::app {

/// What makes vectors of texts while one connection is open: at first as its profile says, then as a person
/// chooses. The key of an endpoint lives here and in the embedder, nowhere else. GUI thread.
class EmbedderChoice final : public QObject {
    Q_OBJECT

public:
    /// dispatcher and feed must outlive it.
    EmbedderChoice(
        models::Dispatcher& dispatcher, models::VectorFeed& feed, client::EmbedderSettings settings);

    const client::EmbedderSettings& settings() const { return m_settings; }
    /// Makes what the settings say; the first call only. Nobody pays for it before the panel is opened.
    void begin();
    /// `key` is for this run; empty = from the variable that the settings name, if any.
    void use(const client::EmbedderSettings& settings, const QString& key);

Q_SIGNALS:
    void used(const norikv::client::EmbedderSettings& settings); ///< a person's choice works: remember it
    void refused(const QString& why);

private:
    void make(const client::EmbedderSettings& settings, const std::string& key, bool chosen);

    models::Dispatcher& m_dispatcher;
    models::VectorFeed& m_feed;
    client::EmbedderSettings m_settings;
    bool m_begun = false;
    models::Job m_job;
};

} // namespace norikv::app
