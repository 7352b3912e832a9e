// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QImage>
#include <QString>

#include <gtest/gtest.h>

class QWidget;

namespace norikv::test {

/// Equal when at most 0.1 % of the pixels differ by more than 8 in any channel (rulings 30).
struct Difference {
    qint64 pixels = 0; ///< that differ by more than 8
    qint64 allowed = 0;
    bool sameSize = true;
    QImage marked; ///< the differing pixels in red over a faded picture
    bool equal() const { return sameSize && pixels <= allowed; }
};
Difference compare(const QImage& expected, const QImage& actual);

/// True where the fonts that the pictures were made with are installed.
bool fontsInstalled();

/// Compares the widget as it looks now with pictures/<name>.png. On failure the actual picture and the marked
/// difference are written into the build folder. NORIKV_UPDATE_GOLDEN=1 replaces the picture instead.
::testing::AssertionResult looksLike(QWidget& widget, const QString& name);

} // namespace norikv::test
