// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLabel>

namespace norikv::widgets {

/// A plain-text label of one line that gives way: it elides when narrow and then shows the whole in its tool
/// tip.
class ElidedLabel : public QLabel {
    Q_OBJECT

public:
    explicit ElidedLabel(QWidget* parent = nullptr);
    explicit ElidedLabel(
        const QString& text, Qt::TextElideMode mode = Qt::ElideRight, QWidget* parent = nullptr);

    /// Clipped to one line of at most maxShownChars.
    void setText(const QString& text);
    void setElideMode(Qt::TextElideMode mode);

    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void updateToolTip();

    Qt::TextElideMode m_mode = Qt::ElideRight;
};

} // namespace norikv::widgets
