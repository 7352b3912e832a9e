// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/lensstrip.h"

#include "models/lens.h"
#include "models/text.h"
#include "widgets/plaintext.h"
#include "widgets/theme.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>

namespace norikv::app {

LensStrip::LensStrip(const widgets::Theme& theme, QWidget* parent)
    : QFrame(parent)
    , m_theme(theme)
    , m_text(widgets::makeLabel(QString(), "cardTitle"))
{
    setObjectName(QStringLiteral("lensStrip"));
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(16, 4, 16, 4);
    row->setSpacing(12);
    row->addWidget(m_text);
    auto* leave = new QPushButton(tr("Leave"));
    leave->setObjectName(QStringLiteral("leaveLens"));
    leave->setToolTip(tr("Show the keys of all tenants again"));
    row->addWidget(leave);
    row->addStretch(1);
    connect(leave, &QPushButton::clicked, this, [this] {
        if (m_lens)
            m_lens->set(std::nullopt);
    });
    connect(&theme, &widgets::Theme::changed, this, &LensStrip::refresh);
    refresh();
}

void LensStrip::setLens(models::Lens* lens)
{
    m_lens = lens;
    if (lens)
        connect(lens, &models::Lens::changed, this, &LensStrip::refresh, Qt::UniqueConnection);
    refresh();
}

void LensStrip::refresh()
{
    const bool on = m_lens && m_lens->tenant();
    setVisible(on);
    if (!on)
        return;
    m_text->setText(tr("Working as tenant %1").arg(models::shown(*m_lens->tenant(), 64)));
    setAccessibleName(m_text->text());
    const auto& t = m_theme.tokens();
    setStyleSheet(QStringLiteral("#lensStrip { background: %1; border: none; border-bottom: 2px solid %2; }")
                      .arg(t.accentSoft.name(), t.accent.name()));
}

} // namespace norikv::app
