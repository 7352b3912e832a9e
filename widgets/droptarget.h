// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPushButton>

namespace norikv::widgets {

/// A button that can also be dropped on: what a click does to the selected row, a drop does to the dragged
/// one.
class DropTarget final : public QPushButton {
    Q_OBJECT

public:
    DropTarget(const QString& text, const QString& mimeType, QWidget* parent = nullptr);

Q_SIGNALS:
    void dropped(const QByteArray& data);

protected:
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dragLeaveEvent(QDragLeaveEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    const QString m_mimeType;
};

} // namespace norikv::widgets
