// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/bulkactions.h"

#include "app/workspace.h"
#include "models/bulkfeed.h"
#include "models/errortext.h"
#include "widgets/bulkdialog.h"
#include "widgets/importdialog.h"

#include <QCoreApplication>
#include <QFileDialog>

namespace norikv::app {

namespace {

QString tr(const char* text, int n = -1)
{
    return QCoreApplication::translate("bulkactions", text, nullptr, n);
}

std::unique_ptr<models::BulkFeed> makeFeed(Workspace& workspace)
{
    models::BulkPlace place;
    place.undoFolder = workspace.undoFolder();
    place.ourSandbox = workspace.ourSandbox();
    place.journal = &workspace.journalFile();
    return std::make_unique<models::BulkFeed>(
        workspace.dispatcher(), workspace.connection(), workspace.clock(), std::move(place));
}

void open(QDialog* dialog)
{
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->show();
    dialog->raise();
}

/// Holds the job of an export until it is done, or its window goes.
class ExportJob final : public QObject {
public:
    using QObject::QObject;
    models::Job job;
};

constexpr const char* ExportName = "exportJob";

} // namespace

void startBulk(Workspace& workspace, const widgets::Theme& theme, QWidget* over, client::BulkRequest request)
{
    startBulk(workspace, theme, over, std::move(request), {}, {});
}

void startBulk(Workspace& workspace, const widgets::Theme& theme, QWidget* over, client::BulkRequest request,
    const QString& phrase, const QString& question)
{
    auto* dialog = new widgets::BulkDialog(makeFeed(workspace), theme, over);
    if (!phrase.isEmpty())
        dialog->confirmByTyping(phrase, question);
    dialog->feed().plan(std::move(request));
    open(dialog);
}

void startBulk(Workspace& workspace, const widgets::Theme& theme, QWidget* over, client::BulkAction action,
    std::vector<client::Bytes> keys)
{
    client::BulkRequest request;
    request.action = action;
    request.keys = std::move(keys);
    startBulk(workspace, theme, over, std::move(request));
}

void startImport(Workspace& workspace, const widgets::Theme& theme, QWidget* over, const QString& file)
{
    auto* dialog = new widgets::ImportDialog(makeFeed(workspace), theme, over);
    dialog->setOnlyPrefix(workspace.lens().prefix());
    if (!file.isEmpty())
        dialog->setFile(file);
    open(dialog);
}

void startUndo(Workspace& workspace, const widgets::Theme& theme, QWidget* over, const QString& file)
{
    client::BulkRequest request;
    request.action = client::BulkAction::Undo;
    request.file = file.toStdString();
    startBulk(workspace, theme, over, std::move(request));
}

void startExport(Workspace& workspace, QWidget* over, std::vector<client::Bytes> keys,
    const std::function<void(const QString&, bool)>& told)
{
    const auto outside
        = std::erase_if(keys, [&](const client::Bytes& key) { return !workspace.lens().covers(key); });
    if (keys.empty()) {
        told(tr("Nothing to export: the keys are outside the tenant you work as."), true);
        return;
    }
    const QString csv = tr("CSV (*.csv)");
    QString chosen;
    const QString file = QFileDialog::getSaveFileName(over, tr("Export keys"), QStringLiteral("keys.ndjson"),
        tr("NDJSON (*.ndjson)") + QStringLiteral(";;") + csv, &chosen);
    if (file.isEmpty())
        return;
    client::ExportOptions options;
    options.file = file.toStdString();
    options.csv = chosen == csv || file.endsWith(QLatin1String(".csv"), Qt::CaseInsensitive);
    options.totalShards = workspace.connection().profile().totalShards;
    auto* holder = new ExportJob(over);
    holder->setObjectName(QLatin1String(ExportName));
    holder->job = workspace.dispatcher().run(
        holder,
        [&store = workspace.connection().store(), keys = std::move(keys), options](
            const std::stop_token& stop) {
            client::Call call;
            call.stop = stop;
            call.background = true;
            call.why = "export";
            return client::exportKeys(store, call, keys, options);
        },
        [holder, file, told, outside](const client::Result<client::ExportReport>& report) {
            holder->deleteLater();
            if (!report) {
                told(models::errorText(report.error(), tr("export the keys")).line(), true);
                return;
            }
            QString text = tr("%n key(s) saved to %1.", int(report->written)).arg(file);
            if (report->missing + report->failed > 0)
                text += tr(" %n could not be read or are gone.", int(report->missing + report->failed));
            if (outside > 0)
                text += tr(" %n outside the tenant you work as were left out.", int(outside));
            told(text, report->failed > 0);
        });
}

void closeBulkDialogs(QWidget& window)
{
    qDeleteAll(window.findChildren<widgets::BulkDialog*>(Qt::FindDirectChildrenOnly));
    qDeleteAll(window.findChildren<widgets::ImportDialog*>(Qt::FindDirectChildrenOnly));
    qDeleteAll(window.findChildren<QObject*>(QLatin1String(ExportName), Qt::FindDirectChildrenOnly));
}

client::CopyTarget copyTarget(const client::Profile& profile)
{
    client::CopyTarget target;
    if (!profile.seeds.empty())
        target.rpc = profile.seeds.front();
    if (!profile.httpAddresses.empty())
        target.http = profile.httpAddresses.front();
    return target;
}

} // namespace norikv::app
