// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/vectorspanel.h"

#include "app/embedderchoice.h"
#include "app/workspace.h"
#include "client/embed/vectorimport.h"
#include "models/vectorfeed.h"
#include "widgets/vectorspage.h"

#include <QFileInfo>
#include <QPointer>

namespace norikv::app {

using models::VectorFeed;
using widgets::VectorsPage;

namespace {

/// Rows of a file, read as they are wanted. `firstBroken` is told once, from a worker: where and why.
VectorFeed::RowSource rowsOf(const std::string& path, std::function<void(const std::string&)> firstBroken)
{
    return [path, firstBroken = std::move(firstBroken)](const std::function<bool(VectorFeed::Row)>& take,
               const std::stop_token& stop) -> client::Result<std::size_t> {
        auto reader = client::VectorReader::open(path);
        if (!reader)
            return tl::unexpected(reader.error());
        std::size_t broken = 0;
        while (!stop.stop_requested()) {
            auto next = (*reader)->next();
            if (!next)
                return tl::unexpected(next.error());
            if (!*next)
                break;
            if (!(*next)->row) {
                if (++broken == 1)
                    firstBroken(
                        std::to_string((*next)->position) + ": " + (*next)->row.error().message);
                continue;
            }
            client::VectorRow& read = *(*next)->row;
            VectorFeed::Row row;
            row.id = std::move(read.id);
            row.vector = std::move(read.vector);
            row.meta.title = std::move(read.title);
            row.meta.text = std::move(read.text);
            row.meta.theme = std::move(read.theme);
            row.meta.stored = !row.meta.title.empty() || !row.meta.text.empty();
            if (!take(std::move(row)))
                break;
        }
        return broken;
    };
}

void importFile(Workspace& workspace, VectorsPage* page, const QString& path)
{
    // The size of some files tells how many rows they hold; looking costs one read of the head.
    std::size_t expected = 0;
    if (const auto reader = client::VectorReader::open(path.toStdString()))
        expected = (*reader)->rows();
    auto told = [&dispatcher = workspace.dispatcher(), guard = std::make_shared<QPointer<VectorsPage>>(page)](
                    const std::string& where) {
        dispatcher.post([guard, where] {
            if (!guard->isNull())
                Q_EMIT (*guard)->said(VectorsPage::tr("The first row that cannot be read is %1")
                                          .arg(QString::fromStdString(where).left(200)));
        });
    };
    workspace.pattern<VectorFeed>().import(QFileInfo(path).fileName(), rowsOf(path.toStdString(), told), expected);
}

} // namespace

PageWidgets makeVectorsPanel(Workspace& workspace, const widgets::Theme& theme)
{
    auto& feed = workspace.pattern<VectorFeed>();
    auto& embedder = workspace.embedder();
    auto* page = new VectorsPage(feed, theme);
    page->setEmbedderSettings(embedder.settings());
    QObject::connect(page, &VectorsPage::embedderChosen, &embedder, &EmbedderChoice::use);
    QObject::connect(&embedder, &EmbedderChoice::used, page, [page] { page->setEmbedderProblem({}); });
    QObject::connect(&embedder, &EmbedderChoice::refused, page, &VectorsPage::setEmbedderProblem);
    QObject::connect(page, &VectorsPage::importRequested, page,
        [&workspace, page](const QString& path) { importFile(workspace, page, path); });
    embedder.begin();
    if (workspace.connection().profile().id == "demo")
        page->searchWhenReady(VectorsPage::tr("why does the moon always show the same face"));
    return {page, nullptr, {}};
}

} // namespace norikv::app
