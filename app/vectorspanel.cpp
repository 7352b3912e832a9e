// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/vectorspanel.h"

#include "app/embedderchoice.h"
#include "app/workspace.h"
#include "models/vectorfeed.h"
#include "widgets/vectorspage.h"

namespace norikv::app {

using widgets::VectorsPage;

PageWidgets makeVectorsPanel(Workspace& workspace, const widgets::Theme& theme)
{
    auto& feed = workspace.pattern<models::VectorFeed>();
    auto& embedder = workspace.embedder();
    auto* page = new VectorsPage(feed, theme);
    page->setEmbedderSettings(embedder.settings());
    QObject::connect(page, &VectorsPage::embedderChosen, &embedder, &EmbedderChoice::use);
    QObject::connect(&embedder, &EmbedderChoice::used, page, [page] { page->setEmbedderProblem({}); });
    QObject::connect(&embedder, &EmbedderChoice::refused, page, &VectorsPage::setEmbedderProblem);
    QObject::connect(page, &VectorsPage::importRequested, &feed, &models::VectorFeed::importFile);
    embedder.begin();
    if (workspace.connection().profile().id == "demo")
        page->searchWhenReady(VectorsPage::tr("why does the moon always show the same face"));
    return {page, nullptr, {}};
}

} // namespace norikv::app
