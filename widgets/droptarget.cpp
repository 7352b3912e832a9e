// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/droptarget.h"

#include <QDragEnterEvent>
#include <QMimeData>

namespace norikv::widgets {

DropTarget::DropTarget(const QString& text, const QString& mimeType, QWidget* parent)
    : QPushButton(text, parent)
    , m_mimeType(mimeType)
{
    setAcceptDrops(true);
}

void DropTarget::dragEnterEvent(QDragEnterEvent* event)
{
    if (!isEnabled() || !event->mimeData()->hasFormat(m_mimeType))
        return;
    event->acceptProposedAction();
    setDown(true); // shows where a drop would land
}

void DropTarget::dragLeaveEvent(QDragLeaveEvent*) { setDown(false); }

void DropTarget::dropEvent(QDropEvent* event)
{
    setDown(false);
    event->acceptProposedAction();
    Q_EMIT dropped(event->mimeData()->data(m_mimeType));
}

} // namespace norikv::widgets
