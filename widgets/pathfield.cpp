// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/pathfield.h"

#include "widgets/icons.h"

#include <QAction>
#include <QDropEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QMimeData>

using namespace Qt::Literals::StringLiterals;

namespace norikv::widgets {

PathField::PathField(const Theme& theme, const QString& title, QWidget* parent)
    : QLineEdit(parent)
    , m_title(title)
{
    QAction* open = addAction(QIcon(), QLineEdit::TrailingPosition);
    open->setToolTip(tr("Choose a file"));
    bindIcon(open, u"more"_s, theme);
    connect(open, &QAction::triggered, this, &PathField::browse);
    setPlaceholderText(tr("none"));
}

void PathField::browse()
{
    const QString file = QFileDialog::getOpenFileName(this, m_title, QFileInfo(text()).absolutePath());
    if (!file.isEmpty())
        setText(file);
}

void PathField::dropEvent(QDropEvent* event)
{
    const QList<QUrl> urls = event->mimeData()->urls();
    if (urls.size() == 1 && urls.front().isLocalFile()) {
        setText(urls.front().toLocalFile());
        event->acceptProposedAction();
        return;
    }
    QLineEdit::dropEvent(event);
}

} // namespace norikv::widgets
