// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/tenantcard.h"

#include "models/tenantmodel.h"
#include "models/text.h"
#include "widgets/icons.h"
#include "widgets/plaintext.h"
#include "widgets/quotabar.h"
#include "widgets/tabular.h"
#include "widgets/theme.h"

#include <QPainter>
#include <QResizeEvent>
#include <QScrollBar>
#include <QStyle>

#include <algorithm>

namespace norikv::widgets {

using models::TenantRow;

namespace {

constexpr int Gap = 12; // between cards
constexpr int PageMargin = 16; // right of the list
constexpr int Side = 14; // inside a card
constexpr int Narrowest = 290;
constexpr int Label = 58;

/// What is painted line after line, top down.
class CardPainter {
public:
    CardPainter(QPainter& painter, const QRect& inner, const Theme& theme, const QFont& base)
        : m_painter(painter)
        , m_inner(inner)
        , m_theme(theme)
        , m_base(base)
        , m_y(inner.top())
    {
    }

    void head(const TenantRow& row)
    {
        const Tokens& t = m_theme.tokens();
        QFont bold = m_base;
        bold.setWeight(QFont::DemiBold);
        const int height = QFontMetrics(bold).height();
        const int chip = plan(row, height);
        m_painter.setFont(bold);
        m_painter.setPen(t.text);
        text(QRect(m_inner.left(), m_y, m_inner.width() - chip - 8, height), Qt::AlignLeft, row.name);
        m_y += height + 1;
        m_painter.setFont(Theme::smallFont());
        m_painter.setPen(t.muted);
        const QString id = models::shown(row.id);
        QString about = id == row.name ? QString() : id;
        if (!row.created.isEmpty()) {
            about += about.isEmpty() ? QString() : QStringLiteral(" · ");
            about += TenantCardDelegate::tr("since %1").arg(row.created);
        }
        text(line(), Qt::AlignLeft, about);
        m_y += line().height() + 8;
    }

    void quota(const QString& name, const models::QuotaFigures& figures)
    {
        const Tokens& t = m_theme.tokens();
        m_painter.setFont(Theme::smallFont());
        const QRect all = line();
        m_painter.setPen(t.muted);
        text(all, Qt::AlignLeft, name);
        const QString word = quotaWord(figures);
        m_painter.setPen(
            figures.limited && quotaTone(figures) != Tone::Ok ? t.tone(quotaTone(figures)).text : t.muted);
        const int wordWidth = word.isEmpty() ? 0 : tabularWidth(Theme::smallFont(), word) + 10;
        drawTabular(m_painter, all, Qt::AlignRight | Qt::AlignVCenter, word);
        m_painter.setPen(t.text);
        const QRect middle = all.adjusted(Label, 0, -wordWidth, 0);
        drawTabular(m_painter, middle, Qt::AlignRight | Qt::AlignVCenter,
            m_painter.fontMetrics().elidedText(figures.text, Qt::ElideRight, middle.width()));
        m_y += all.height() + 2;
        paintQuotaBar(m_painter, QRectF(m_inner.left(), m_y, m_inner.width(), 12), figures, t);
        m_y += 12 + 6;
    }

    void foot(const TenantRow& row)
    {
        const Tokens& t = m_theme.tokens();
        m_painter.setFont(Theme::smallFont());
        QRect all = line();
        if (!row.trouble.isEmpty()) {
            const int side = all.height() - 2;
            const QColor colour = t.tone(row.troubleTone).text;
            m_painter.drawPixmap(all.left(), all.top() + 1,
                iconPixmap(toneIcon(row.troubleTone), colour, side, m_painter.device()->devicePixelRatioF()));
            m_painter.setPen(colour);
            text(all.adjusted(side + 6, 0, 0, 0), Qt::AlignLeft, row.trouble);
            return;
        }
        m_painter.setPen(t.muted);
        text(all, Qt::AlignLeft, row.outlook);
    }

private:
    QRect line() const
    {
        return {m_inner.left(), m_y, m_inner.width(), QFontMetrics(Theme::smallFont()).height()};
    }
    void text(const QRect& box, Qt::Alignment alignment, const QString& words)
    {
        m_painter.drawText(box, int(alignment | Qt::AlignVCenter),
            m_painter.fontMetrics().elidedText(clippedLine(words), Qt::ElideRight, box.width()));
    }
    /// The chip's width.
    int plan(const TenantRow& row, int height)
    {
        const ToneColors colours
            = m_theme.tokens().tone(row.planTone == Tone::Muted ? Tone::Neutral : row.planTone);
        m_painter.setFont(Theme::smallFont());
        const QString word = m_painter.fontMetrics().elidedText(clippedLine(row.plan), Qt::ElideRight, 110);
        const int width = m_painter.fontMetrics().horizontalAdvance(word) + 16;
        const QRectF box(m_inner.right() + 1 - width, m_y, width, height);
        m_painter.setPen(Qt::NoPen);
        m_painter.setBrush(colours.soft);
        m_painter.drawRoundedRect(box, 4, 4);
        m_painter.setPen(colours.text);
        m_painter.drawText(box, Qt::AlignCenter, word);
        return width;
    }

    QPainter& m_painter;
    const QRect m_inner;
    const Theme& m_theme;
    const QFont m_base;
    int m_y;
};

} // namespace

TenantCardDelegate::TenantCardDelegate(
    const models::TenantOrder& tenants, const Theme& theme, QObject* parent)
    : QStyledItemDelegate(parent)
    , m_tenants(tenants)
    , m_theme(theme)
{
}

QSize TenantCardDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex&) const
{
    const int big = QFontMetrics(option.font).height();
    const int small = QFontMetrics(Theme::smallFont()).height();
    return {m_width, 2 * Side + big + 1 + small + 8 + 2 * (small + 2 + 12 + 6) + small + Gap};
}

void TenantCardDelegate::paint(
    QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    const Tokens& t = m_theme.tokens();
    const TenantRow& row = m_tenants.record(index.row());
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    const bool selected = option.state.testFlag(QStyle::State_Selected);
    const bool hovered = option.state.testFlag(QStyle::State_MouseOver);
    const QRect card = option.rect.adjusted(0, 0, -Gap, -Gap);
    painter->setPen(QPen(selected ? t.accent : hovered ? t.controlHover : t.border, selected ? 1.5 : 1));
    painter->setBrush(t.surface);
    painter->drawRoundedRect(QRectF(card).adjusted(0.75, 0.75, -0.75, -0.75), 6, 6);
    if (selected && option.state.testFlag(QStyle::State_HasFocus)) {
        painter->setPen(QPen(t.accent, 1, Qt::DotLine));
        painter->setBrush(Qt::NoBrush);
        painter->drawRoundedRect(QRectF(card).adjusted(3.5, 3.5, -3.5, -3.5), 4, 4);
    }
    CardPainter lines(*painter, card.adjusted(Side, Side, -Side, -Side), m_theme, option.font);
    lines.head(row);
    lines.quota(tr("Keys"), row.keys);
    lines.quota(tr("Storage"), row.storage);
    lines.foot(row);
    painter->restore();
}

TenantCards::TenantCards(models::TenantOrder& tenants, const Theme& theme, QWidget* parent)
    : QListView(parent)
    , m_delegate(new TenantCardDelegate(tenants, theme, this))
{
    setObjectName(QStringLiteral("tenantCards"));
    setAccessibleName(tr("Tenants"));
    setModel(&tenants);
    setItemDelegate(m_delegate);
    setFlow(QListView::LeftToRight);
    setWrapping(true);
    setUniformItemSizes(true);
    setResizeMode(QListView::Adjust);
    setMovement(QListView::Static);
    setSelectionMode(QAbstractItemView::SingleSelection);
    setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setFrameShape(QFrame::NoFrame);
    viewport()->setAttribute(Qt::WA_Hover);
    viewport()->setAutoFillBackground(false);
    setStyleSheet(QStringLiteral("QListView { background: transparent; border: none; }"));
    connect(&theme, &Theme::changed, viewport(), qOverload<>(&QWidget::update));
}

void TenantCards::resizeEvent(QResizeEvent* event)
{
    // Always leave room for the scroll bar: its coming and going must not change the columns.
    const int room = width() - std::max(verticalScrollBar()->sizeHint().width(), PageMargin - Gap) - 1;
    const int columns = std::max(1, room / (Narrowest + Gap));
    m_delegate->setWidth(room / columns);
    QListView::resizeEvent(event);
    scheduleDelayedItemsLayout();
}

} // namespace norikv::widgets
