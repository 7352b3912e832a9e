// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/scatterimage.h"

#include "widgets/plots/mapview.h"

#include <QPainter>

#include <algorithm>
#include <array>
#include <cmath>

namespace norikv::plots {

namespace {

constexpr int Cell = 2; // pixels of a square of the density picture
constexpr int Full = 8; // weight of a point in it; of a fully transparent one 0

/// From the plane to pixels of the picture, without a division.
struct Pixels {
    double left, top, scale;
    int width, height;

    Pixels(const MapView& view, double ratio)
        : scale(view.scale() * ratio)
        , width(std::max(1, int(std::ceil(view.room().width() * ratio))))
        , height(std::max(1, int(std::ceil(view.room().height() * ratio))))
    {
        const QPointF origin = view.toPixels(QPointF(0, 0)) * ratio;
        left = origin.x();
        top = origin.y();
    }
    double x(float value) const { return left + double(value) * scale; }
    double y(float value) const { return top - double(value) * scale; }
};

/// False for what is not finite, too.
bool insideOf(const Pixels& pixels, double x, double y, double margin)
{
    return x >= -margin && y >= -margin && x < pixels.width + margin && y < pixels.height + margin;
}

/// A point's picture in premultiplied pixels; the middle of the point is the middle of the square.
struct Stamp {
    int side = 0;
    std::vector<QRgb> pixels;
};

Stamp makeStamp(const DotLook& look, double radius)
{
    Stamp stamp;
    stamp.side = 2 * int(std::ceil(radius + 1)) + 1;
    QImage image(stamp.side, stamp.side, QImage::Format_ARGB32_Premultiplied);
    image.fill(Qt::transparent);
    QPainter painter(&image);
    painter.setRenderHint(QPainter::Antialiasing);
    paintDot(painter, QPointF(stamp.side / 2.0, stamp.side / 2.0), look, radius);
    painter.end();
    stamp.pixels.reserve(std::size_t(stamp.side) * std::size_t(stamp.side));
    for (int y = 0; y < stamp.side; ++y) {
        const auto* line = reinterpret_cast<const QRgb*>(image.constScanLine(y));
        stamp.pixels.insert(stamp.pixels.end(), line, line + stamp.side);
    }
    return stamp;
}

/// Source over destination, both premultiplied.
QRgb over(QRgb source, QRgb under)
{
    const unsigned rest = 255U - unsigned(qAlpha(source));
    const unsigned rb = (under & 0xff00ffU) * rest;
    const unsigned ag = ((under >> 8U) & 0xff00ffU) * rest;
    const auto by255
        = [](unsigned v) { return ((v + ((v >> 8U) & 0xff00ffU) + 0x800080U) >> 8U) & 0xff00ffU; };
    return source + (by255(rb) | (by255(ag) << 8U));
}

void drawDots(QImage& image, const Scatter& points, const Pixels& pixels, double radius)
{
    std::vector<Stamp> stamps;
    stamps.reserve(points.palette.size());
    for (const DotLook& look : points.palette)
        stamps.push_back(makeStamp(look, radius));
    const int stride = int(image.bytesPerLine() / qsizetype(sizeof(QRgb)));
    auto* bits = reinterpret_cast<QRgb*>(image.bits());
    for (const std::uint32_t point : points.order) {
        const std::uint8_t look = points.looks[point];
        if (look >= stamps.size())
            continue;
        const double px = pixels.x(points.xy[2 * std::size_t(point)]);
        const double py = pixels.y(points.xy[2 * std::size_t(point) + 1]);
        const Stamp& stamp = stamps[look];
        const int half = stamp.side / 2;
        if (!insideOf(pixels, px, py, half))
            continue;
        const int left = int(std::floor(px)) - half;
        const int top = int(std::floor(py)) - half;
        const int firstX = std::max(0, -left);
        const int lastX = std::min(stamp.side, image.width() - left);
        const int lastY = std::min(stamp.side, image.height() - top);
        for (int y = std::max(0, -top); y < lastY; ++y) {
            const QRgb* from = stamp.pixels.data() + y * stamp.side;
            QRgb* to = bits + (top + y) * stride + left;
            for (int x = firstX; x < lastX; ++x) {
                if (from[x] != 0)
                    to[x] = over(from[x], to[x]);
            }
        }
    }
}

/// What lies in one square of the density picture.
struct Heap {
    std::uint32_t weight = 0;
    std::uint32_t red = 0, green = 0, blue = 0; ///< sums, by weight
};

/// Mean colour of what lies at a place; how opaque it is tells how much, by its logarithm.
void drawDensity(QImage& image, const Scatter& points, const Pixels& pixels, const QColor& background)
{
    const int columns = (image.width() + Cell - 1) / Cell;
    const int rows = (image.height() + Cell - 1) / Cell;
    std::vector<Heap> heaps(std::size_t(columns) * std::size_t(rows));
    struct Part {
        std::uint32_t weight, red, green, blue;
    };
    std::vector<Part> parts;
    for (const DotLook& look : points.palette) {
        const auto weight = std::uint32_t(std::lround(std::clamp(look.opacity, 0.0, 1.0) * Full));
        parts.push_back({weight, weight * std::uint32_t(look.fill.red()),
            weight * std::uint32_t(look.fill.green()), weight * std::uint32_t(look.fill.blue())});
    }
    const std::size_t count = points.looks.size();
    std::uint32_t most = 1;
    for (std::size_t i = 0; i < count; ++i) {
        const std::uint8_t look = points.looks[i];
        const double px = pixels.x(points.xy[2 * i]);
        const double py = pixels.y(points.xy[2 * i + 1]);
        if (look >= parts.size() || !insideOf(pixels, px, py, 0))
            continue;
        Heap& heap = heaps[std::size_t(int(py) / Cell) * std::size_t(columns) + std::size_t(int(px) / Cell)];
        const Part& part = parts[look];
        heap.weight += part.weight;
        heap.red += part.red;
        heap.green += part.green;
        heap.blue += part.blue;
        most = std::max(most, heap.weight);
    }
    const double least = std::log1p(double(Full));
    const double span = std::max(1e-9, std::log1p(double(most)) - least);
    const std::array<int, 3> under{background.red(), background.green(), background.blue()};
    for (int row = 0; row < rows; ++row) {
        for (int column = 0; column < columns; ++column) {
            const Heap& heap = heaps[std::size_t(row) * std::size_t(columns) + std::size_t(column)];
            if (heap.weight == 0)
                continue;
            const double share = std::clamp((std::log1p(double(heap.weight)) - least) / span, 0.0, 1.0);
            const double alpha = 0.35 + 0.65 * share;
            const auto mixed = [&](std::uint32_t sum, int back) {
                return int(std::lround(alpha * sum / heap.weight + (1 - alpha) * back));
            };
            const QRgb colour
                = qRgb(mixed(heap.red, under[0]), mixed(heap.green, under[1]), mixed(heap.blue, under[2]));
            const int right = std::min(image.width(), (column + 1) * Cell);
            const int bottom = std::min(image.height(), (row + 1) * Cell);
            for (int y = row * Cell; y < bottom; ++y) {
                auto* line = reinterpret_cast<QRgb*>(image.scanLine(y));
                std::fill(line + column * Cell, line + right, colour);
            }
        }
    }
}

int countInSight(const Scatter& points, const Pixels& pixels)
{
    int count = 0;
    for (std::size_t i = 0; i < points.looks.size(); ++i) {
        count += int(points.looks[i] != Scatter::Hidden
            && insideOf(pixels, pixels.x(points.xy[2 * i]), pixels.y(points.xy[2 * i + 1]), 0));
    }
    return count;
}

} // namespace

double dotRadius(int inSight)
{
    if (inSight <= 1'000)
        return 4;
    if (inSight <= 8'000)
        return 3;
    return inSight <= 20'000 ? 2 : 1.5;
}

void paintDot(QPainter& painter, const QPointF& centre, const DotLook& look, double radius)
{
    QColor fill = look.fill;
    fill.setAlphaF(float(fill.alphaF() * look.opacity));
    painter.setBrush(fill);
    painter.setPen(look.outline.isValid() ? QPen(look.outline, 1) : QPen(Qt::NoPen));
    switch (look.shape) {
    case DotShape::Disc:
        painter.drawEllipse(centre, radius, radius);
        break;
    case DotShape::Square: {
        const double half = radius * 0.88; // looks as large as the disc
        painter.drawRect(QRectF(centre.x() - half, centre.y() - half, 2 * half, 2 * half));
        break;
    }
    case DotShape::Diamond: {
        const double half = radius * 1.25;
        const std::array<QPointF, 4> corners{centre + QPointF(0, -half), centre + QPointF(half, 0),
            centre + QPointF(0, half), centre + QPointF(-half, 0)};
        painter.drawConvexPolygon(corners.data(), int(corners.size()));
        break;
    }
    }
}

int pointsInSight(const Scatter& points, const MapView& view)
{
    return countInSight(points, Pixels(view, 1));
}

QImage scatterImage(const Scatter& points, const MapView& view, double scale, const QColor& background)
{
    const Pixels pixels(view, scale);
    QImage image(pixels.width, pixels.height, QImage::Format_RGB32);
    image.fill(background);
    const int inSight = countInSight(points, pixels);
    if (inSight > MostDots)
        drawDensity(image, points, pixels, background);
    else
        drawDots(image, points, pixels, dotRadius(inSight) * scale);
    image.setDevicePixelRatio(scale);
    return image;
}

} // namespace norikv::plots
