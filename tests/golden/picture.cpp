// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/golden/picture.h"

#include <QDir>
#include <QFontDatabase>
#include <QWidget>

#include <cstdlib>

namespace norikv::test {

namespace {

constexpr int Tolerance = 8;
constexpr qint64 OnePartIn = 1000;

bool differs(QRgb a, QRgb b)
{
    return std::abs(qRed(a) - qRed(b)) > Tolerance || std::abs(qGreen(a) - qGreen(b)) > Tolerance
        || std::abs(qBlue(a) - qBlue(b)) > Tolerance;
}

} // namespace

Difference compare(const QImage& expected, const QImage& actual)
{
    const QImage was = expected.convertToFormat(QImage::Format_RGB32);
    const QImage is = actual.convertToFormat(QImage::Format_RGB32);
    Difference difference;
    difference.sameSize = was.size() == is.size();
    difference.allowed = qint64(is.width()) * is.height() / OnePartIn;
    difference.marked = is;
    for (int y = 0; y < is.height(); ++y) {
        for (int x = 0; x < is.width(); ++x) {
            const QRgb pixel = is.pixel(x, y);
            const bool other = !was.valid(x, y) || differs(was.pixel(x, y), pixel);
            difference.pixels += other;
            const int pale = 192 + qGray(pixel) / 4;
            difference.marked.setPixel(x, y, other ? qRgb(220, 0, 0) : qRgb(pale, pale, pale));
        }
    }
    return difference;
}

bool fontsInstalled()
{
    const QStringList families = QFontDatabase::families();
    return families.contains(QStringLiteral("Inter")) && families.contains(QStringLiteral("JetBrains Mono"));
}

::testing::AssertionResult looksLike(QWidget& widget, const QString& name)
{
    const QImage actual = widget.grab().toImage();
    const QString path = QDir(QStringLiteral(NORIKV_PICTURES)).filePath(name + QStringLiteral(".png"));
    if (qEnvironmentVariableIntValue("NORIKV_UPDATE_GOLDEN") == 1) {
        QDir().mkpath(QStringLiteral(NORIKV_PICTURES));
        if (!actual.convertToFormat(QImage::Format_RGB32).save(path))
            return ::testing::AssertionFailure() << "could not write " << path.toStdString();
        return ::testing::AssertionSuccess();
    }
    const QImage expected(path);
    if (expected.isNull())
        return ::testing::AssertionFailure()
            << "no picture " << path.toStdString() << "; NORIKV_UPDATE_GOLDEN=1 makes it";
    const Difference difference = compare(expected, actual);
    if (difference.equal())
        return ::testing::AssertionSuccess();
    const QDir failed(QStringLiteral(NORIKV_FAILED_PICTURES));
    failed.mkpath(QStringLiteral("."));
    const QString is = failed.filePath(name + QStringLiteral("-actual.png"));
    const QString marked = failed.filePath(name + QStringLiteral("-diff.png"));
    actual.save(is);
    difference.marked.save(marked);
    return ::testing::AssertionFailure()
        << difference.pixels << " pixels differ, " << difference.allowed << " may"
        << (difference.sameSize ? "" : "; the size differs") << "\n  expected " << path.toStdString()
        << "\n  actual   " << is.toStdString() << "\n  marked   " << marked.toStdString();
}

} // namespace norikv::test
