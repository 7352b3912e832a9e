// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/keydialogs.h"

#include "app/workspace.h"

#include "models/keycreation.h"
#include "models/probefeed.h"
#include "widgets/newkeydialog.h"
#include "widgets/probedialog.h"

namespace norikv::app {

namespace {

void open(QDialog* dialog)
{
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->show();
    dialog->raise();
    dialog->activateWindow();
}

} // namespace

void startNewKey(Workspace& workspace, const widgets::Theme& theme, QWidget* over, const client::Bytes& source,
    const KeyTold& told)
{
    auto* dialog = new widgets::NewKeyDialog(
        std::make_unique<models::KeyCreation>(
            workspace.dispatcher(), workspace.connection(), workspace.clock()),
        theme, workspace.lens().prefix(), over);
    QObject::connect(dialog, &widgets::NewKeyDialog::openRequested, over, told.open);
    QObject::connect(dialog, &widgets::NewKeyDialog::said, over, told.said);
    if (!source.empty())
        dialog->copyFrom(source);
    open(dialog);
}

void startProbe(Workspace& workspace, QWidget* over)
{
    auto* dialog = new widgets::ProbeDialog(std::make_unique<models::ProbeFeed>(workspace.dispatcher(),
                                                workspace.connection(), workspace.clock(), workspace.catalogue()),
        over);
    dialog->feed().plan(workspace.lens().prefix());
    open(dialog);
}

void closeKeyDialogs(QWidget& window)
{
    qDeleteAll(window.findChildren<widgets::NewKeyDialog*>(Qt::FindDirectChildrenOnly));
    qDeleteAll(window.findChildren<widgets::ProbeDialog*>(Qt::FindDirectChildrenOnly));
}

} // namespace norikv::app
