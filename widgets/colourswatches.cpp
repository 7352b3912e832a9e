// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/colourswatches.h"

#include "widgets/icons.h"
#include "widgets/plaintext.h"

#include <QAbstractButton>
#include <QHBoxLayout>
#include <QPainter>

#include <algorithm>

using namespace Qt::Literals::StringLiterals;

namespace norikv::widgets {

namespace {
constexpr int side = 26;
} // namespace

/// A disc; the chosen one wears a ring and a check mark.
class ColourSwatches::Swatch : public QAbstractButton {
public:
    Swatch(const Theme& theme, const QString& colour, const QString& name, QWidget* parent)
        : QAbstractButton(parent)
        , m_theme(theme)
        , m_colour(colour)
    {
        setCheckable(true);
        setAutoExclusive(true);
        setToolTip(plainToolTip(name));
        setAccessibleName(name);
        setFixedSize(side, side);
    }

    const QString& colour() const { return m_colour; }

protected:
    void paintEvent(QPaintEvent*) override
    {
        const Tokens& t = m_theme.tokens();
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        const QRectF box = QRectF(rect());
        if (hasFocus() || isChecked()) {
            painter.setPen(QPen(hasFocus() ? t.accent : t.controlHover, hasFocus() ? 2 : 1.5));
            painter.drawEllipse(box.adjusted(1.5, 1.5, -1.5, -1.5));
        }
        const QColor fill = m_colour.isEmpty() ? t.field : QColor(m_colour);
        painter.setPen(m_colour.isEmpty() ? QPen(t.controlHover, 1.25) : QPen(Qt::NoPen));
        painter.setBrush(fill);
        const qreal inset = underMouse() ? 4 : 5;
        const QRectF disc = box.adjusted(inset, inset, -inset, -inset);
        painter.drawEllipse(disc);
        if (m_colour.isEmpty() && !isChecked())
            painter.drawLine(disc.center() + QPointF(-4, 4), disc.center() + QPointF(4, -4));
        if (isChecked()) {
            const QColor ink
                = contrastRatio(fill, Qt::white) >= 3 ? QColor(Qt::white) : QColor(0x14, 0x17, 0x1C);
            painter.drawPixmap(QRect(7, 7, 12, 12), iconPixmap(u"check"_s, ink, 12, devicePixelRatioF()));
        }
    }
    void enterEvent(QEnterEvent* event) override
    {
        QAbstractButton::enterEvent(event);
        update();
    }
    void leaveEvent(QEvent* event) override
    {
        QAbstractButton::leaveEvent(event);
        update();
    }

private:
    const Theme& m_theme;
    const QString m_colour;
};

ColourSwatches::ColourSwatches(const Theme& theme, QWidget* parent)
    : QWidget(parent)
    , m_theme(theme)
{
    auto* line = new QHBoxLayout(this);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(2);
    add(QString(), tr("No colour"));
    add(u"#1F8A5B"_s, tr("Green"));
    add(u"#2F6FDE"_s, tr("Blue"));
    add(u"#2A9DA8"_s, tr("Teal"));
    add(u"#8B5FC7"_s, tr("Purple"));
    add(u"#C58A1B"_s, tr("Amber"));
    add(u"#D9652B"_s, tr("Orange"));
    add(u"#D0453F"_s, tr("Red"));
    line->addStretch();
    m_swatches.front()->setChecked(true);
}

ColourSwatches::Swatch* ColourSwatches::add(const QString& colour, const QString& name)
{
    auto* swatch = new Swatch(m_theme, colour, name, this);
    auto* line = static_cast<QHBoxLayout*>(layout());
    line->insertWidget(int(m_swatches.size()), swatch);
    m_swatches.push_back(swatch);
    connect(swatch, &QAbstractButton::toggled, this, [this, swatch](bool on) {
        if (!on || swatch->colour() == m_colour)
            return;
        m_colour = swatch->colour();
        Q_EMIT colourChosen(m_colour);
    });
    connect(&m_theme, &Theme::changed, swatch, qOverload<>(&QWidget::update));
    return swatch;
}

void ColourSwatches::setColour(const QString& colour)
{
    const auto same
        = [&](const Swatch* one) { return one->colour().compare(colour, Qt::CaseInsensitive) == 0; };
    const auto found = std::ranges::find_if(m_swatches, same);
    Swatch* swatch = found != m_swatches.end() ? *found : add(colour, tr("Own colour %1").arg(colour));
    m_colour = swatch->colour(); // first, so that it is no choice of the user
    swatch->setChecked(true);
}

QString ColourSwatches::suggestedFor(const QString& environment)
{
    const QString name = environment.trimmed().toLower();
    if (name == u"production"_s)
        return u"#D0453F"_s;
    if (name == u"staging"_s)
        return u"#C58A1B"_s;
    if (name == u"development"_s)
        return u"#2F6FDE"_s;
    return name == u"local"_s ? u"#1F8A5B"_s : QString();
}

} // namespace norikv::widgets
