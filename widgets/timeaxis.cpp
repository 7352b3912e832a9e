// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/timeaxis.h"

#include "widgets/tabular.h"
#include "widgets/theme.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QPainter>

#include <algorithm>
#include <vector>

namespace norikv::widgets {

namespace {

constexpr double ClosestView = 20; ///< active ms from edge to edge
constexpr int Steps = 6; ///< times along the axis, where there is room
constexpr double Gap = 12; ///< px between two texts
constexpr EpochMs DayLong = 20LL * 3600 * 1000; ///< from here on a time needs its day
constexpr double FineMs = 10'000; ///< below, seconds alone would repeat themselves

/// Texts on one line that do not touch: the first come has the right of way.
class Words {
public:
    Words(QPainter& painter, double left, double right)
        : m_painter(painter)
        , m_left(left)
        , m_right(right)
    {
    }
    void write(double centre, const QString& text, const QColor& colour)
    {
        const int width = tabularWidth(m_painter.font(), text);
        if (m_right - m_left < width)
            return;
        const double from = std::clamp(centre - width / 2.0, m_left, m_right - width);
        const bool free = std::ranges::none_of(m_taken,
            [&](const auto& each) { return from < each.second + Gap && from + width > each.first - Gap; });
        if (!free)
            return;
        m_painter.setPen(colour);
        drawTabular(m_painter,
            QRect(static_cast<int>(from), 2, width + 2, QFontMetrics(m_painter.font()).height()),
            Qt::AlignLeft, text);
        m_taken.emplace_back(from, from + width);
    }

private:
    QPainter& m_painter;
    const double m_left;
    const double m_right;
    std::vector<std::pair<double, double>> m_taken;
};

} // namespace

void TimeAxis::setScale(IdleScale scale)
{
    if (scale == m_scale)
        return;
    const bool all = !zoomed();
    const EpochMs from = m_scale.at(m_from);
    const EpochMs to = m_scale.at(m_to);
    m_scale = std::move(scale);
    showAll();
    if (!all)
        show(from, to);
}

void TimeAxis::setEdges(double left, double right)
{
    m_left = left;
    m_right = std::max(left + 1, right);
}

double TimeAxis::x(EpochMs at) const
{
    return m_left + (m_scale.place(at) - m_from) / (m_to - m_from) * (m_right - m_left);
}

EpochMs TimeAxis::at(double x) const
{
    return m_scale.at(m_from + (x - m_left) / (m_right - m_left) * (m_to - m_from));
}

void TimeAxis::showAll()
{
    m_from = 0;
    m_to = m_scale.length();
}

void TimeAxis::show(EpochMs from, EpochMs to)
{
    const double least = std::min(ClosestView, m_scale.length());
    m_from = std::clamp(m_scale.place(from), 0.0, m_scale.length() - least);
    m_to = std::clamp(m_scale.place(to), m_from + least, m_scale.length());
}

void TimeAxis::zoom(double factor, double aroundX)
{
    const double span
        = std::clamp((m_to - m_from) * factor, std::min(ClosestView, m_scale.length()), m_scale.length());
    const double part = std::clamp((aroundX - m_left) / (m_right - m_left), 0.0, 1.0);
    const double centre = m_from + part * (m_to - m_from);
    m_from = std::clamp(centre - part * span, 0.0, m_scale.length() - span);
    m_to = m_from + span;
}

void TimeAxis::paint(QPainter& painter, int bottom, const Tokens& tokens) const
{
    painter.setFont(Theme::smallFont());
    Words words(painter, m_left, m_right);
    for (const auto& cut : m_scale.cuts()) {
        constexpr double Room = 8; // for the glyphs at both ends
        const double from = std::max(x(cut.fromMs), m_left) + Room;
        const double to = std::min(x(cut.toMs), m_right) - Room;
        if (to - from < 2)
            continue;
        painter.fillRect(
            QRectF(QPointF(from, Height), QPointF(to, bottom)), QBrush(tokens.border, Qt::BDiagPattern));
        words.write((from + to) / 2,
            QCoreApplication::translate("norikv::widgets::TimeAxis", "%1 idle")
                .arg(durationText(std::chrono::milliseconds(cut.toMs - cut.fromMs))),
            tokens.text);
    }
    const QString form = at(m_right) - at(m_left) > DayLong ? QStringLiteral("dd.MM. HH:mm")
        : m_to - m_from < FineMs                            ? QStringLiteral("HH:mm:ss.zzz")
                                                            : QStringLiteral("HH:mm:ss");
    for (int i = 0; i <= Steps; ++i) {
        const double place = m_left + (m_right - m_left) * i / Steps;
        words.write(place, QDateTime::fromMSecsSinceEpoch(at(place)).toString(form), tokens.muted);
    }
}

} // namespace norikv::widgets
