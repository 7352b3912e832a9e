// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/plots/numbertext.h"
#include "widgets/tokens.h"

#include <QFont>
#include <QLabel>
#include <QRect>

class QPainter;

namespace norikv::widgets {

using plots::ageText;
using plots::durationText;
using plots::groupDigits;
using plots::percentText;
using plots::shortNumber;

// Qt 6.4 cannot ask a font for tabular digits, so numbers are painted here with one advance for every digit.

/// Width in logical pixels of the text as drawTabular paints it: "11:11" and "00:00" are equal.
int tabularWidth(const QFont& font, QStringView text);

/// Paints one line with the painter's font and pen, clipped by nothing, aligned inside rect.
void drawTabular(QPainter& painter, QRect rect, Qt::Alignment alignment, QStringView text);

/// A plain-text label whose digits do not jump while a number changes.
class TabularLabel : public QLabel {
    Q_OBJECT

public:
    explicit TabularLabel(QWidget* parent = nullptr);
    explicit TabularLabel(const QString& text, QWidget* parent = nullptr);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
};

} // namespace norikv::widgets
