// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLabel>

namespace norikv::widgets {

/// A plain-text label that gives way: it elides when narrow and then shows the whole in its tool tip. One
/// line unless told otherwise.
class ElidedLabel : public QLabel {
    Q_OBJECT

public:
    explicit ElidedLabel(QWidget* parent = nullptr);
    explicit ElidedLabel(
        const QString& text, Qt::TextElideMode mode = Qt::ElideRight, QWidget* parent = nullptr);

    /// Clipped to one line of at most maxShownChars.
    void setText(const QString& text);
    void setElideMode(Qt::TextElideMode mode);
    /// Breaks anywhere into so many lines before anything is left out; for names, which have no spaces.
    void setMostLines(int lines);

    QSize minimumSizeHint() const override;
    bool hasHeightForWidth() const override { return m_most > 1; }
    int heightForWidth(int width) const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void updateToolTip();

    /// The text in lines of this width, the last elided.
    QStringList lines(int width) const;

    int m_most = 1;
    Qt::TextElideMode m_mode = Qt::ElideRight;
};

} // namespace norikv::widgets
