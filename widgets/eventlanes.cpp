// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/eventlanes.h"

#include "models/text.h"
#include "widgets/eventglyph.h"
#include "widgets/plaintext.h"
#include "widgets/tabular.h"
#include "widgets/theme.h"

#include <QApplication>
#include <QDateTime>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QPainter>
#include <QScrollBar>
#include <QToolTip>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>
#include <utility>

namespace norikv::widgets {

namespace {

constexpr int LaneHeight = 42;
constexpr int LabelWidth = 148;
constexpr int Side = 8;
constexpr double GlyphSize = 11;
constexpr double Near = 8; ///< px within which a click means a glyph
constexpr double PixelsForGlyphs = 7; ///< for each event in sight; with less room they are strokes

QDateTime dateOf(EpochMs at) { return QDateTime::fromMSecsSinceEpoch(at); }

} // namespace

EventLanes::EventLanes(const Theme& theme, QWidget* parent)
    : QAbstractScrollArea(parent)
    , m_theme(theme)
{
    setObjectName(QStringLiteral("eventLanes"));
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::StrongFocus);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setAccessibleName(tr("Events over time"));
    viewport()->setMouseTracking(true);
    connect(&theme, &Theme::changed, viewport(), qOverload<>(&QWidget::update));
    updateSpoken();
}

void EventLanes::setLanes(std::vector<EventLane> lanes, QStringList types)
{
    std::vector<EpochMs> times;
    for (const auto& lane : lanes) {
        for (const auto& mark : *lane.marks)
            times.push_back(mark.atMs);
    }
    m_axis.setScale(IdleScale(std::move(times)));
    m_lanes = std::move(lanes);
    m_types = std::move(types);
    layOut();
    updateSpoken();
    viewport()->update();
}

void EventLanes::setCurrent(const client::Bytes& key, std::int64_t version)
{
    if (m_key == key && m_version == version)
        return;
    const bool other = m_key != key;
    m_key = key;
    m_version = version;
    if (other) {
        const auto found = std::ranges::find(m_lanes, m_key, &EventLane::key);
        const int top = static_cast<int>(found - m_lanes.begin()) * LaneHeight;
        auto* bar = verticalScrollBar();
        const int room = viewport()->height() - TimeAxis::Height - LaneHeight;
        if (found != m_lanes.end() && (top < bar->value() || top > bar->value() + room))
            bar->setValue(top - room / 2);
    }
    updateSpoken();
    viewport()->update();
}

void EventLanes::clearRange()
{
    if (!m_range)
        return;
    m_range.reset();
    viewport()->update();
    Q_EMIT rangeChanged();
}

void EventLanes::zoomToRange()
{
    if (!m_range)
        return;
    m_axis.show(m_range->fromMs, m_range->toMs);
    viewport()->update();
}

void EventLanes::zoomOut()
{
    m_axis.showAll();
    viewport()->update();
}

void EventLanes::zoom(double factor, double aroundX)
{
    m_axis.zoom(factor, aroundX);
    viewport()->update();
}

void EventLanes::layOut()
{
    m_axis.setEdges(Side + LabelWidth, viewport()->width() - Side - GlyphSize);
    const int room = viewport()->height() - TimeAxis::Height;
    verticalScrollBar()->setPageStep(room);
    verticalScrollBar()->setSingleStep(LaneHeight);
    verticalScrollBar()->setRange(0, std::max(0, laneCount() * LaneHeight - room));
}

void EventLanes::updateSpoken()
{
    QString text = tr("%n lane(s), one for each aggregate.", nullptr, laneCount());
    if (const auto* lane = current()) {
        text += QLatin1Char(' ')
            + tr("%1 has %n event(s).", nullptr, static_cast<int>(lane->marks->size())).arg(lane->name);
        const auto mark = std::ranges::find(*lane->marks, m_version, &EventMark::version);
        if (mark != lane->marks->end())
            text += QLatin1Char(' ') + tr("At %1.").arg(describe(*mark));
    }
    setAccessibleDescription(text);
}

QString EventLanes::describe(const EventMark& mark) const
{
    const QString type = mark.type >= 0 && mark.type < m_types.size() ? clippedLine(m_types[mark.type])
                                                                      : tr("type %1").arg(mark.type);
    return tr("%1, version %2, %3")
        .arg(type, QString::number(mark.version),
            dateOf(mark.atMs).toString(QStringLiteral("yyyy-MM-dd HH:mm:ss.zzz")));
}

void EventLanes::resizeEvent(QResizeEvent* event)
{
    QAbstractScrollArea::resizeEvent(event);
    layOut();
}

void EventLanes::paintEvent(QPaintEvent*)
{
    QPainter painter(viewport());
    painter.setRenderHint(QPainter::Antialiasing);
    const Tokens& t = m_theme.tokens();
    m_axis.paint(painter, viewport()->height(), t);
    painter.setClipRect(0, TimeAxis::Height, viewport()->width(), viewport()->height() - TimeAxis::Height);
    int top = TimeAxis::Height - verticalScrollBar()->value();
    for (const auto& lane : m_lanes) {
        if (top + LaneHeight > TimeAxis::Height && top < viewport()->height())
            paintLane(painter, lane, top);
        top += LaneHeight;
    }
    painter.setClipRect(
        QRectF(m_axis.left(), 0, m_axis.right() - m_axis.left() + GlyphSize, viewport()->height()));
    if (m_range) {
        QColor veil = t.accent;
        veil.setAlphaF(0.14F);
        const QRectF band(
            QPointF(m_axis.x(m_range->fromMs), 0), QPointF(m_axis.x(m_range->toMs), viewport()->height()));
        painter.fillRect(band, veil);
        painter.setPen(t.accent);
        painter.drawLine(band.topLeft(), band.bottomLeft());
        painter.drawLine(band.topRight(), band.bottomRight());
    }
    if (hasFocus()) {
        painter.setClipping(false);
        painter.setBrush(Qt::NoBrush);
        painter.setPen(t.accent);
        painter.drawRoundedRect(QRectF(viewport()->rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4);
    }
}

void EventLanes::paintLane(QPainter& painter, const EventLane& lane, int top) const
{
    const Tokens& t = m_theme.tokens();
    const QRect area(0, top, viewport()->width(), LaneHeight);
    if (lane.key == m_key) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(t.selection);
        painter.drawRoundedRect(area.adjusted(2, 1, -2, -1), 6, 6);
    }
    painter.setFont(Theme::baseFont());
    const QFontMetrics metrics(painter.font());
    painter.setPen(t.text);
    painter.drawText(QRect(Side + 4, top + 4, LabelWidth - 16, metrics.height()), Qt::AlignLeft,
        metrics.elidedText(lane.name, Qt::ElideRight, LabelWidth - 16));
    painter.setFont(Theme::smallFont());
    const QFontMetrics small(painter.font());
    painter.setPen(lane.wrong ? t.danger.text : t.muted);
    painter.drawText(QRect(Side + 4, top + 3 + metrics.height(), LabelWidth - 16, small.height()),
        Qt::AlignLeft, small.elidedText(lane.remark, Qt::ElideRight, LabelWidth - 16));

    painter.save();
    painter.setClipRect(QRectF(m_axis.left() - GlyphSize, std::max(top, TimeAxis::Height),
                            m_axis.right() - m_axis.left() + 2 * GlyphSize, LaneHeight),
        Qt::IntersectClip);
    const double middle = top + LaneHeight / 2.0;
    painter.setPen(t.border);
    painter.drawLine(QPointF(m_axis.left(), middle), QPointF(m_axis.right(), middle));
    paintMarks(painter, lane, middle);
    painter.restore();
}

void EventLanes::paintMarks(QPainter& painter, const EventLane& lane, double middle) const
{
    const Tokens& t = m_theme.tokens();
    const auto& marks = *lane.marks;
    const auto first
        = std::ranges::lower_bound(marks, m_axis.at(m_axis.left() - GlyphSize), {}, &EventMark::atMs);
    const auto last
        = std::ranges::upper_bound(marks, m_axis.at(m_axis.right() + GlyphSize), {}, &EventMark::atMs);
    const bool glyphs = static_cast<double>(last - first) * PixelsForGlyphs < m_axis.right() - m_axis.left();
    double before = -1e9;
    int typeBefore = -1;
    for (auto mark = first; mark < last; ++mark) {
        const double at = m_axis.x(mark->atMs);
        // Nobody sees more than one stroke a pixel, or two equal glyphs on top of each other.
        if (mark->type == typeBefore && at - before < 1)
            continue;
        before = at;
        typeBefore = mark->type;
        if (glyphs) {
            paintEventGlyph(painter, {at, middle}, GlyphSize, mark->type, t);
        } else {
            painter.setPen(t.series[static_cast<std::size_t>(std::max(0, mark->type)) % t.series.size()]);
            painter.drawLine(QPointF(at, middle - GlyphSize), QPointF(at, middle + GlyphSize));
        }
    }
    if (lane.key != m_key)
        return;
    const auto now = std::ranges::find(marks, m_version, &EventMark::version);
    if (now == marks.end())
        return;
    const QPointF centre(m_axis.x(now->atMs), middle);
    painter.setPen(t.accent);
    painter.drawLine(QPointF(centre.x(), middle - LaneHeight / 2.0), centre - QPointF(0, GlyphSize));
    painter.drawLine(centre + QPointF(0, GlyphSize), QPointF(centre.x(), middle + LaneHeight / 2.0));
    painter.setPen(QPen(t.accent, 2));
    painter.setBrush(Qt::NoBrush);
    painter.drawEllipse(centre, GlyphSize * 0.85, GlyphSize * 0.85);
    paintEventGlyph(painter, centre, GlyphSize, now->type, t);
}

int EventLanes::laneAt(double y) const
{
    const int lane = (static_cast<int>(y) - TimeAxis::Height + verticalScrollBar()->value()) / LaneHeight;
    return y >= TimeAxis::Height && lane < laneCount() ? lane : -1;
}

const EventMark* EventLanes::markAt(const EventLane& lane, double px) const
{
    const auto& marks = *lane.marks;
    auto from = std::ranges::lower_bound(marks, m_axis.at(px - Near), {}, &EventMark::atMs);
    const auto to = std::ranges::upper_bound(marks, m_axis.at(px + Near), {}, &EventMark::atMs);
    const EventMark* best = nullptr;
    for (; from < to; ++from) {
        if (!best || std::abs(m_axis.x(from->atMs) - px) < std::abs(m_axis.x(best->atMs) - px))
            best = &*from;
    }
    return best && std::abs(m_axis.x(best->atMs) - px) <= Near ? best : nullptr;
}

const EventLane* EventLanes::current() const
{
    const auto found = std::ranges::find(m_lanes, m_key, &EventLane::key);
    return found == m_lanes.end() ? nullptr : &*found;
}

void EventLanes::mousePressEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton)
        return;
    m_pressX = event->position().x();
    m_dragging = false;
}

void EventLanes::mouseMoveEvent(QMouseEvent* event)
{
    if (!m_pressX || !event->buttons().testFlag(Qt::LeftButton))
        return;
    const double now = event->position().x();
    if (!m_dragging && std::abs(now - *m_pressX) < QApplication::startDragDistance())
        return;
    m_dragging = true;
    const double a = std::clamp(std::min(*m_pressX, now), m_axis.left(), m_axis.right());
    const double b = std::clamp(std::max(*m_pressX, now), m_axis.left(), m_axis.right());
    m_range = Range{m_axis.at(a), m_axis.at(b)};
    viewport()->update();
}

void EventLanes::mouseReleaseEvent(QMouseEvent* event)
{
    if (!m_pressX)
        return;
    m_pressX.reset();
    if (std::exchange(m_dragging, false)) {
        Q_EMIT rangeChanged();
        return;
    }
    const int lane = laneAt(event->position().y());
    if (lane < 0) {
        clearRange();
        return;
    }
    const auto& chosen = m_lanes[static_cast<std::size_t>(lane)];
    const EventMark* mark = markAt(chosen, event->position().x());
    Q_EMIT eventChosen(models::toQt(chosen.key), mark ? mark->version : 0);
}

void EventLanes::stepLane(int by)
{
    if (m_lanes.empty())
        return;
    const auto found = std::ranges::find(m_lanes, m_key, &EventLane::key);
    const int now = found == m_lanes.end() ? -by : static_cast<int>(found - m_lanes.begin());
    const int next = std::clamp(now + by, 0, laneCount() - 1);
    Q_EMIT eventChosen(models::toQt(m_lanes[static_cast<std::size_t>(next)].key), 0);
}

void EventLanes::stepEvent(int by)
{
    const EventLane* lane = current();
    if (!lane || lane->marks->empty())
        return;
    const auto& marks = *lane->marks;
    const auto found = std::ranges::find(marks, m_version, &EventMark::version);
    const auto last = static_cast<std::ptrdiff_t>(marks.size()) - 1;
    const std::ptrdiff_t now = found == marks.end() ? (by < 0 ? last + 1 : -1) : found - marks.begin();
    const auto next = std::clamp<std::ptrdiff_t>(now + by, 0, last);
    Q_EMIT eventChosen(models::toQt(lane->key), marks[static_cast<std::size_t>(next)].version);
}

void EventLanes::keyPressEvent(QKeyEvent* event)
{
    const double middle = (m_axis.left() + m_axis.right()) / 2;
    switch (event->key()) {
    case Qt::Key_Up:
    case Qt::Key_K:
        return stepLane(-1);
    case Qt::Key_Down:
    case Qt::Key_J:
        return stepLane(1);
    case Qt::Key_Left:
        return stepEvent(-1);
    case Qt::Key_Right:
        return stepEvent(1);
    case Qt::Key_Plus:
    case Qt::Key_Equal:
        return zoom(2.0 / 3, middle);
    case Qt::Key_Minus:
        return zoom(1.5, middle);
    case Qt::Key_0:
        return zoomOut();
    case Qt::Key_Escape:
        if (m_range)
            return clearRange();
        break;
    default:
        break;
    }
    QAbstractScrollArea::keyPressEvent(event);
}

void EventLanes::wheelEvent(QWheelEvent* event)
{
    const int turned = event->angleDelta().y();
    const bool scrolls = verticalScrollBar()->maximum() > 0;
    if (turned == 0 || (scrolls && !event->modifiers().testFlag(Qt::ControlModifier))) {
        QAbstractScrollArea::wheelEvent(event);
        return;
    }
    zoom(turned > 0 ? 2.0 / 3 : 1.5, event->position().x());
    event->accept();
}

bool EventLanes::viewportEvent(QEvent* event)
{
    if (event->type() != QEvent::ToolTip)
        return QAbstractScrollArea::viewportEvent(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    const int lane = laneAt(help->pos().y());
    QString text;
    if (lane >= 0 && help->pos().x() < m_axis.left()) {
        text = m_lanes[static_cast<std::size_t>(lane)].name;
    } else if (lane >= 0) {
        if (const auto* mark = markAt(m_lanes[static_cast<std::size_t>(lane)], help->pos().x()))
            text = describe(*mark);
    }
    if (text.isEmpty())
        QToolTip::hideText();
    else
        QToolTip::showText(help->globalPos(), plainToolTip(text), this);
    return true;
}

} // namespace norikv::widgets
