// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/embedderchoice.h"

#include "client/embed/httpembedder.h"
#include "client/embed/tokenvectors.h"
#include "models/errortext.h"
#include "models/vectorfeed.h"

#include <cstdlib>
#include <utility>

namespace norikv::app {

namespace {

using Kind = client::EmbedderSettings::Kind;
using Made = client::Result<std::shared_ptr<client::Embedder>>;

Made makeEmbedder(const client::EmbedderSettings& settings, std::string key)
{
    if (settings.kind == Kind::None)
        return std::shared_ptr<client::Embedder>();
    if (settings.kind == Kind::BuiltIn) {
        auto made = client::makeBuiltInEmbedder();
        if (!made)
            return tl::unexpected(made.error());
        return std::shared_ptr<client::Embedder>(std::move(*made));
    }
    client::HttpEmbedderOptions options;
    options.url = settings.url;
    options.model = settings.model;
    options.batch = settings.batch;
    options.key = std::move(key);
    auto made = client::HttpEmbedder::make(std::move(options));
    if (!made)
        return tl::unexpected(made.error());
    return std::shared_ptr<client::Embedder>(std::move(*made));
}

} // namespace

EmbedderChoice::EmbedderChoice(
    models::Dispatcher& dispatcher, models::VectorFeed& feed, client::EmbedderSettings settings)
    : m_dispatcher(dispatcher)
    , m_feed(feed)
    , m_settings(std::move(settings))
{
}

void EmbedderChoice::begin()
{
    if (!std::exchange(m_begun, true))
        make(m_settings, {}, false);
}

void EmbedderChoice::use(const client::EmbedderSettings& settings, const QString& key)
{
    m_begun = true;
    make(settings, key.toStdString(), true);
}

void EmbedderChoice::make(const client::EmbedderSettings& settings, const std::string& key, bool chosen)
{
    std::string secret = key;
    if (secret.empty() && !settings.keyVariable.empty()) {
        const char* value = std::getenv(settings.keyVariable.c_str());
        secret = value ? value : "";
        if (secret.empty()) {
            Q_EMIT refused(tr("The environment variable %1 is not set, or empty.")
                               .arg(QString::fromStdString(settings.keyVariable)));
            return;
        }
    }
    m_job = m_dispatcher.run(
        this, [settings, secret](const std::stop_token&) { return makeEmbedder(settings, secret); },
        [this, settings, chosen](Made made) {
            if (!made) {
                Q_EMIT refused(models::errorText(made.error(), tr("use this embedder")).line());
                return;
            }
            m_settings = settings;
            m_feed.setEmbedder(std::move(*made));
            if (chosen)
                Q_EMIT used(settings);
        });
}

} // namespace norikv::app
