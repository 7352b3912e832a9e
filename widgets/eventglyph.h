// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPixmap>
#include <QPointF>

class QPainter;

namespace norikv::widgets {

struct Tokens;

/// The mark of an event's type: a colour and a shape, so that it is told without colour too. 24 types differ;
/// then they come round again.
void paintEventGlyph(QPainter& painter, QPointF centre, double size, int type, const Tokens& tokens);
/// The same as an icon of so many logical pixels, for chips and lists.
QPixmap eventGlyph(int type, int size, double pixelRatio, const Tokens& tokens);

} // namespace norikv::widgets
