// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/eventtypechips.h"

#include "models/text.h"
#include "widgets/eventglyph.h"
#include "widgets/flowlayout.h"
#include "widgets/plaintext.h"
#include "widgets/theme.h"

#include <QIcon>
#include <QPushButton>

#include <algorithm>

namespace norikv::widgets {

namespace {
constexpr int GlyphSize = 14; // px
}

EventTypeChips::EventTypeChips(const Theme& theme, QWidget* parent)
    : QWidget(parent)
    , m_theme(theme)
    , m_flow(new FlowLayout(6, 4))
{
    setObjectName(QStringLiteral("eventTypes"));
    setLayout(m_flow);
    connect(&theme, &Theme::changed, this, &EventTypeChips::paintGlyphs);
}

void EventTypeChips::setTypes(const std::vector<models::EventTypeCount>& types)
{
    // A type keeps its index, and so its glyph and chip; what has no event any more is hidden.
    const auto count = std::min(types.size(), Most);
    bool came = false;
    for (std::size_t i = 0; i < count; ++i) {
        const auto& type = types[i];
        const int index = static_cast<int>(i);
        auto& chip = m_chips[index];
        if (!chip) {
            chip = new QPushButton;
            chip->setCheckable(true);
            setStyleRole(chip, "compact");
            chip->setIconSize({GlyphSize, GlyphSize});
            chip->setToolTip(tr("Only events of this type, and the aggregates that hold one"));
            m_flow->addWidget(chip);
            connect(chip, &QPushButton::toggled, this, [this, name = type.name](bool on) {
                if (on)
                    m_chosen.insert(name);
                else
                    m_chosen.erase(name);
                Q_EMIT changed();
            });
            came = true;
        }
        const QString name = type.name.empty() ? tr("no type") : models::shown(type.name, 40);
        chip->setText(QStringLiteral("%1  %2").arg(name, models::grouped(type.count)));
        chip->setVisible(type.count > 0 || chip->isChecked());
    }
    if (came)
        paintGlyphs();
}

void EventTypeChips::paintGlyphs()
{
    for (const auto& [index, chip] : m_chips)
        chip->setIcon(eventGlyph(index, GlyphSize, devicePixelRatioF(), m_theme.tokens()));
}

} // namespace norikv::widgets
