// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/vectormap.h"

#include "widgets/plots/heatcolour.h"
#include "widgets/plots/mapoverlay.h"
#include "widgets/plots/plaintip.h"

#include <QApplication>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QRubberBand>
#include <QToolTip>
#include <QWheelEvent>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <random>

namespace norikv::plots {

namespace {

constexpr std::size_t Colours = 7; // the eighth is for what belongs to no group
constexpr std::size_t Shapes = 3;
constexpr std::size_t TrustSteps = 8;
constexpr double Faint = 0.16;
constexpr double Dense = 0.85; // points lie over each other
constexpr int Reach = 9; // pixels from the mouse to a point
constexpr double ZoomStep = 1.25;
constexpr double ArrowShare = 0.12; // of the room
constexpr int MostRows = 2'000; // of the table
constexpr int LegendGap = 14;
constexpr int LegendMark = 14;

/// Looks of the palette: every group as it is, outlined (little trusted) and faint.
enum Variant : std::size_t { Plain, Outlined, Paled, Variants };

std::uint8_t lookOf(std::size_t base, Variant variant) { return std::uint8_t(base * Variants + variant); }

} // namespace

VectorMap::VectorMap(QWidget* parent)
    : ChartWidget(parent)
    , m_points(std::make_shared<MapPoints>())
{
    setObjectName(QStringLiteral("vectorMap"));
    setAccessibleName(tr("Map of the vectors"));
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setNothing(tr("Nothing to draw yet"));
}

VectorMap::~VectorMap() = default;

void VectorMap::setPoints(std::shared_ptr<const MapPoints> points)
{
    const bool others = !points || points->size() != m_points->size();
    m_points = points ? std::move(points) : std::make_shared<const MapPoints>();
    m_index = PointIndex(m_points->xy);
    if (others) {
        m_order.resize(m_points->size());
        std::iota(m_order.begin(), m_order.end(), 0U);
        std::minstd_rand mix(1); // the same picture every time
        for (std::size_t i = m_order.size(); i > 1; --i)
            std::swap(m_order[i - 1], m_order[mix() % i]);
        m_current = -1;
        m_chosen.clear();
        m_marks = {};
    }
    m_view.setBounds(m_index.bounds());
    if (others)
        m_view.fit();
    relook();
    relayout();
    describeAll();
}

void VectorMap::setMarks(MapMarks marks)
{
    for (auto* list : {&marks.results, &marks.missed, &marks.neighbours})
        std::erase_if(*list, [this](int point) { return !valid(point); });
    m_marks = std::move(marks);
    describeAll();
    requestReplot();
}

void VectorMap::setColour(MapColour colour)
{
    if (colour == m_colour)
        return;
    m_colour = colour;
    relook();
    relayout();
}

void VectorMap::setLeastTrust(float trust)
{
    if (trust == m_leastTrust)
        return;
    m_leastTrust = trust;
    relook();
}

void VectorMap::setChosen(std::vector<int> points)
{
    std::erase_if(points, [this](int point) { return !valid(point); });
    if (points == m_chosen)
        return;
    m_chosen = std::move(points);
    relook();
    describeAll();
}

void VectorMap::setWords(
    std::function<QString(int)> describe, QStringList headers, std::function<QStringList(int)> row)
{
    m_describe = std::move(describe);
    m_headers = std::move(headers);
    m_row = std::move(row);
}

void VectorMap::setNothing(const QString& text)
{
    m_nothing = text;
    requestReplot();
}

void VectorMap::describeAll()
{
    QString text = tr("%n point(s)", nullptr, int(m_points->size()));
    if (m_points->groupNames.size() > 1)
        text += tr(" in %n group(s)", nullptr, int(m_points->groupNames.size()));
    if (m_marks.query)
        text += tr("; the query with %n result(s)", nullptr, int(m_marks.results.size()));
    if (!m_marks.missed.empty())
        text += tr(", %n missed", nullptr, int(m_marks.missed.size()));
    if (!m_chosen.empty())
        text += tr("; %n chosen", nullptr, int(m_chosen.size()));
    setAccessibleDescription(text);
}

// Which look each point has; the palette follows the style.
void VectorMap::relook()
{
    const ChartStyle& s = chartStyle();
    const double opacity = m_points->size() > 2'000 ? Dense : 1;
    std::vector<DotLook> bases;
    if (m_colour == MapColour::Trust) {
        for (std::size_t i = 0; i < TrustSteps; ++i)
            bases.push_back({heatColour(double(i) / (TrustSteps - 1)), DotShape::Disc, opacity, s.gap});
    } else {
        for (std::size_t shape = 0; shape < Shapes; ++shape) {
            for (std::size_t colour = 0; colour < Colours; ++colour)
                bases.push_back({s.series[colour], DotShape(shape), opacity, {}});
        }
    }
    bases.push_back({s.series[7], DotShape::Disc, opacity, {}}); // no group, or trust not known
    m_palette.clear();
    for (DotLook look : bases) {
        m_palette.push_back(look);
        look.outline = s.text;
        m_palette.push_back(look);
        look.outline = {};
        look.opacity = Faint;
        m_palette.push_back(look);
    }
    const auto last = bases.size() - 1;
    m_looks.resize(m_points->size());
    const bool trustKnown = m_points->trust.size() == m_points->size();
    const bool grouped = m_points->groups.size() == m_points->size();
    const auto base = [&](std::size_t point) {
        if (m_colour == MapColour::Trust) {
            const float trust = trustKnown ? m_points->trust[point] : -1;
            return trust < 0 ? last : std::size_t(std::lround(std::min(1.0F, trust) * float(TrustSteps - 1)));
        }
        if (!grouped)
            return std::size_t(0);
        const auto group = std::size_t(m_points->groups[point]);
        const bool named
            = group < std::size_t(m_points->groupNames.size()) && !m_points->groupNames[int(group)].isEmpty();
        return named ? std::min(group, last) : last;
    };
    const auto variant = [&](std::size_t point) {
        const float trust = trustKnown ? m_points->trust[point] : -1;
        if (trust >= 0 && trust < m_leastTrust)
            return Paled;
        return trust >= 0 && trust < Trusted && m_colour == MapColour::Groups ? Outlined : Plain;
    };
    const bool someChosen = !m_chosen.empty(); // then the others step back
    for (std::size_t i = 0; i < m_looks.size(); ++i)
        m_looks[i] = lookOf(base(i), someChosen ? Paled : variant(i));
    for (const int point : m_chosen)
        m_looks[std::size_t(point)] = lookOf(base(std::size_t(point)), Plain);
    moved();
}

void VectorMap::moved()
{
    m_picture = {};
    requestReplot();
}

void VectorMap::styleChanged()
{
    relook();
    relayout();
}

Scatter VectorMap::scatter() const { return {m_points->xy, m_looks, m_order, m_palette}; }

std::vector<std::pair<DotLook, QString>> VectorMap::legend() const
{
    std::vector<std::pair<DotLook, QString>> entries;
    if (m_palette.empty() || m_points->size() == 0)
        return entries;
    const std::size_t last = m_palette.size() / Variants - 1;
    if (m_colour == MapColour::Trust) {
        entries.emplace_back(m_palette[lookOf(0, Plain)], tr("no neighbour kept"));
        entries.emplace_back(m_palette[lookOf(TrustSteps / 2, Plain)], tr("half"));
        entries.emplace_back(m_palette[lookOf(TrustSteps - 1, Plain)], tr("all kept"));
        return entries;
    }
    if (m_points->groupNames.size() < 2)
        return entries;
    bool none = false;
    for (std::size_t group = 0; group < std::size_t(m_points->groupNames.size()); ++group) {
        const QString& name = m_points->groupNames[int(group)];
        if (name.isEmpty())
            none = true;
        else if (group < last)
            entries.emplace_back(m_palette[lookOf(group, Plain)], name);
    }
    const bool more = std::size_t(m_points->groupNames.size()) > last;
    if (none || more)
        entries.emplace_back(m_palette[lookOf(last, Plain)], more ? tr("others") : tr("none"));
    return entries;
}

/// Below the map, in as many lines as it takes; returns their height.
int VectorMap::paintLegend(QPainter& painter, const QSize& size, bool measureOnly) const
{
    const QFontMetrics metrics(chartStyle().font);
    const int line = metrics.height() + 4;
    int x = 4;
    int lines = 0;
    for (const auto& [look, name] : legend()) {
        const QString text = metrics.elidedText(name, Qt::ElideRight, 160);
        const int width = LegendMark + metrics.horizontalAdvance(text) + LegendGap;
        if (lines == 0 || x + width > size.width()) {
            x = 4;
            ++lines;
        }
        if (!measureOnly) {
            const int y = int(m_view.room().height()) + (lines - 1) * line;
            paintDot(painter, QPointF(x + 5, y + line / 2.0), look, 4);
            painter.setPen(chartStyle().muted);
            painter.drawText(QRect(x + LegendMark, y, width, line), Qt::AlignLeft | Qt::AlignVCenter, text);
        }
        x += width;
    }
    return lines * line;
}

void VectorMap::relayout()
{
    QImage nowhere(1, 1, QImage::Format_RGB32);
    QPainter painter(&nowhere);
    const int legendHeight = std::min(height() / 3, paintLegend(painter, size(), true));
    m_view.setRoom(QSizeF(width(), height() - legendHeight));
    moved();
}

void VectorMap::resizeEvent(QResizeEvent* event)
{
    ChartWidget::resizeEvent(event);
    relayout();
}

void VectorMap::render(QPainter& painter, const QSize& size)
{
    const ChartStyle& s = chartStyle();
    painter.setFont(s.font);
    if (m_points->size() == 0) {
        painter.setPen(s.muted);
        painter.drawText(QRect(QPoint(), size).adjusted(16, 16, -16, -16),
            int(Qt::AlignCenter) | int(Qt::TextWordWrap), m_nothing);
        return;
    }
    const double ratio = painter.device()->devicePixelRatioF();
    if (m_picture.isNull() || m_picture.devicePixelRatio() != ratio)
        m_picture = scatterImage(scatter(), m_view, ratio, s.surface);
    painter.drawImage(QPointF(0, 0), m_picture);
    painter.setRenderHint(QPainter::Antialiasing);
    paintLegend(painter, size, false);
    painter.save();
    painter.setClipRect(QRectF(QPointF(), m_view.room()));
    const auto places = [this](const std::vector<int>& points) {
        std::vector<QPointF> at;
        at.reserve(points.size());
        for (const int point : points)
            at.push_back(placeOf(point));
        return at;
    };
    std::optional<QPointF> query;
    if (m_marks.query)
        query = m_view.toPixels(*m_marks.query);
    paintMissed(painter, s, query, places(m_marks.missed));
    paintResults(painter, s, query, places(m_marks.results));
    for (const QPointF& at : places(m_marks.neighbours))
        paintRing(painter, s.accent, at, 6, 1.5);
    std::vector<QPointF> path;
    for (const QPointF& step : m_marks.path)
        path.push_back(m_view.toPixels(step));
    paintPath(painter, s, path,
        m_marks.aim ? std::optional(m_view.toPixels(*m_marks.aim)) : std::optional<QPointF>());
    if (query)
        paintStar(painter, s, *query);
    if (valid(m_current))
        paintRing(painter, s.text, placeOf(m_current), 9, 2);
    painter.restore();
    if (hasFocus()) {
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(s.accent, 1));
        painter.drawRect(QRectF(QPointF(0.5, 0.5), m_view.room() - QSizeF(1, 1)));
    }
}

int VectorMap::pointAt(const QPoint& position) const
{
    return m_index.nearest(m_view.toPlane(QPointF(position)), Reach / m_view.scale());
}

QPointF VectorMap::placeOf(int point) const
{
    return valid(point) ? m_view.toPixels(planeOf(point)) : QPointF(-1, -1);
}

void VectorMap::fit()
{
    m_view.fit();
    moved();
}

void VectorMap::showPoints(const std::vector<int>& points)
{
    double left = INFINITY;
    double right = -INFINITY;
    double top = INFINITY;
    double bottom = -INFINITY;
    for (const int point : points) {
        if (!valid(point))
            continue;
        const QPointF at = planeOf(point);
        left = std::min(left, at.x());
        right = std::max(right, at.x());
        top = std::min(top, at.y());
        bottom = std::max(bottom, at.y());
    }
    if (!(left <= right))
        return;
    const double margin = 0.1 * std::max({right - left, bottom - top, 20 / m_view.scale()});
    m_view.show(QRectF(left - margin, top - margin, right - left + 2 * margin, bottom - top + 2 * margin));
    moved();
}

bool VectorMap::event(QEvent* event)
{
    if (event->type() != QEvent::ToolTip)
        return ChartWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    const int point = pointAt(help->pos());
    QToolTip::showText(
        help->globalPos(), point < 0 || !m_describe ? QString() : plainTip(m_describe(point)), this);
    return true;
}

void VectorMap::wheelEvent(QWheelEvent* event)
{
    if (m_points->size() == 0 || event->angleDelta().y() == 0) {
        event->ignore();
        return;
    }
    m_view.zoom(std::pow(ZoomStep, event->angleDelta().y() / 120.0), event->position());
    moved();
    event->accept();
}

void VectorMap::mousePressEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton || m_points->size() == 0)
        return;
    m_pressed = m_dragged = event->position().toPoint();
    m_dragging = false;
    if (event->modifiers() & Qt::ShiftModifier) {
        if (!m_band)
            m_band = new QRubberBand(QRubberBand::Rectangle, this);
        m_band->setGeometry(QRect(*m_pressed, QSize()));
        m_band->show();
    }
}

void VectorMap::mouseMoveEvent(QMouseEvent* event)
{
    const QPoint at = event->position().toPoint();
    if (!m_pressed) {
        setCurrent(pointAt(at));
        return;
    }
    m_dragging = m_dragging || (at - *m_pressed).manhattanLength() >= QApplication::startDragDistance();
    if (!m_dragging)
        return;
    if (m_band && m_band->isVisible()) {
        m_band->setGeometry(QRect(*m_pressed, at).normalized());
        return;
    }
    m_view.pan(QPointF(at - m_dragged));
    m_dragged = at;
    setCursor(Qt::ClosedHandCursor);
    moved();
}

void VectorMap::mouseReleaseEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton || !m_pressed)
        return;
    const QPoint from = *std::exchange(m_pressed, std::nullopt);
    const QPoint at = event->position().toPoint();
    unsetCursor();
    const bool box = m_band && m_band->isVisible();
    if (box)
        m_band->hide();
    if (m_dragging && box) {
        setChosen(m_index.inside(m_view.toPlane(QRectF(from, at).normalized())));
        Q_EMIT chosenChanged();
    } else if (!m_dragging) {
        setCurrent(pointAt(at));
        if (m_current >= 0)
            Q_EMIT pointActivated(m_current);
    }
    m_dragging = false;
}

void VectorMap::mouseDoubleClickEvent(QMouseEvent* event)
{
    if (event->button() == Qt::LeftButton && pointAt(event->position().toPoint()) < 0)
        fit();
}

void VectorMap::leaveEvent(QEvent* event)
{
    ChartWidget::leaveEvent(event);
    setCurrent(-1);
}

void VectorMap::setCurrent(int point)
{
    if (point == m_current)
        return;
    m_current = point;
    setCursor(point >= 0 ? Qt::PointingHandCursor : Qt::ArrowCursor);
    if (point >= 0 && m_describe)
        setAccessibleDescription(m_describe(point));
    else
        describeAll();
    update();
}

// Through what is marked first, as that is what one looks at; else through all.
void VectorMap::step(int by)
{
    std::vector<int> stops = m_marks.results;
    stops.insert(stops.end(), m_marks.missed.begin(), m_marks.missed.end());
    if (stops.empty())
        stops = m_marks.neighbours;
    if (stops.empty())
        stops = m_chosen;
    const int count = stops.empty() ? int(m_points->size()) : int(stops.size());
    if (count == 0)
        return;
    const auto found = std::ranges::find(stops, m_current);
    int at = stops.empty() ? m_current : found == stops.end() ? -1 : int(found - stops.begin());
    at = at < 0 && by < 0 ? count - 1 : (at + by + count) % count;
    setCurrent(stops.empty() ? at : stops[std::size_t(at)]);
    if (!QRectF(QPointF(), m_view.room()).contains(placeOf(m_current))) {
        const QPointF middle(m_view.room().width() / 2, m_view.room().height() / 2);
        m_view.pan(middle - placeOf(m_current));
        moved();
    }
}

void VectorMap::keyPressEvent(QKeyEvent* event)
{
    const QPointF middle(m_view.room().width() / 2, m_view.room().height() / 2);
    const double across = m_view.room().width() * ArrowShare;
    const double down = m_view.room().height() * ArrowShare;
    switch (event->key()) {
    case Qt::Key_Left:
        m_view.pan({across, 0});
        break;
    case Qt::Key_Right:
        m_view.pan({-across, 0});
        break;
    case Qt::Key_Up:
        m_view.pan({0, down});
        break;
    case Qt::Key_Down:
        m_view.pan({0, -down});
        break;
    case Qt::Key_Plus:
    case Qt::Key_Equal:
        m_view.zoom(ZoomStep, middle);
        break;
    case Qt::Key_Minus:
        m_view.zoom(1 / ZoomStep, middle);
        break;
    case Qt::Key_0:
    case Qt::Key_Home:
        m_view.fit();
        break;
    case Qt::Key_N:
        return step(1);
    case Qt::Key_P:
        return step(-1);
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (valid(m_current))
            Q_EMIT pointActivated(m_current);
        return;
    case Qt::Key_Escape:
        if (m_chosen.empty())
            return ChartWidget::keyPressEvent(event);
        setChosen({});
        Q_EMIT chosenChanged();
        return;
    default:
        ChartWidget::keyPressEvent(event);
        return;
    }
    moved();
}

void VectorMap::focusInEvent(QFocusEvent* event)
{
    ChartWidget::focusInEvent(event);
    update();
}

void VectorMap::focusOutEvent(QFocusEvent* event)
{
    ChartWidget::focusOutEvent(event);
    update();
}

// What is marked and chosen comes last: a long table shows its end.
ChartTable VectorMap::asTable() const
{
    ChartTable table{m_headers, {}};
    if (!m_row)
        return table;
    std::vector<int> marked = m_marks.results;
    for (const auto* more : {&m_marks.missed, &m_marks.neighbours, &m_chosen})
        marked.insert(marked.end(), more->begin(), more->end());
    std::vector<bool> taken(m_points->size(), false);
    for (const int point : marked)
        taken[std::size_t(point)] = true;
    int room = MostRows - int(std::min<std::size_t>(marked.size(), MostRows));
    for (int point = 0; room > 0 && point < int(m_points->size()); ++point) {
        if (taken[std::size_t(point)])
            continue;
        table.rows.push_back(m_row(point));
        --room;
    }
    std::fill(taken.begin(), taken.end(), false);
    for (const int point : marked) {
        if (!taken[std::size_t(point)])
            table.rows.push_back(m_row(point));
        taken[std::size_t(point)] = true;
    }
    return table;
}

} // namespace norikv::plots
