// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/emptystate.h"

#include "widgets/icons.h"
#include "widgets/plaintext.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace norikv::widgets {

namespace {
constexpr int maxActions = 3;
constexpr int iconSize = 40;
} // namespace

EmptyState::EmptyState(const Theme& theme, QWidget* parent)
    : QWidget(parent)
    , m_theme(theme)
    , m_icon(makeLabel(QString()))
    , m_headline(makeLabel(QString(), "headline"))
    , m_sentence(makeLabel(QString(), "muted"))
    , m_actions(new QHBoxLayout)
{
    m_sentence->setWordWrap(true);
    m_sentence->setAlignment(Qt::AlignHCenter | Qt::AlignTop);
    m_sentence->setMinimumWidth(fontMetrics().averageCharWidth() * 24);
    m_sentence->setMaximumWidth(fontMetrics().averageCharWidth() * 58);
    m_actions->setSpacing(8);
    m_actions->setContentsMargins(0, 12, 0, 0);

    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(24, 24, 24, 24);
    column->setSpacing(6);
    column->addStretch(2);
    column->addWidget(m_icon, 0, Qt::AlignHCenter);
    column->addSpacing(6);
    column->addWidget(m_headline, 0, Qt::AlignHCenter);
    // Between stretches, not aligned: an aligned label is given the height of a line as wide as the page.
    auto* middle = new QHBoxLayout;
    middle->addStretch(1);
    middle->addWidget(m_sentence, 100);
    middle->addStretch(1);
    column->addLayout(middle);
    auto* centred = new QHBoxLayout;
    centred->addStretch();
    centred->addLayout(m_actions);
    centred->addStretch();
    column->addLayout(centred);
    column->addStretch(3);
    connect(&theme, &Theme::changed, this, &EmptyState::restyle);
}

void EmptyState::setContent(const QString& iconId, const QString& headline, const QString& sentence)
{
    m_iconId = iconId;
    m_headline->setText(clippedLine(headline));
    m_sentence->setText(sentence.left(2 * maxShownChars));
    setAccessibleName(m_headline->text());
    setAccessibleDescription(m_sentence->text());
    restyle();
}

QPushButton* EmptyState::addAction(const QString& text)
{
    if (m_actions->count() >= maxActions)
        return nullptr;
    auto* button = new QPushButton(text, this);
    if (m_actions->count() == 0)
        button->setProperty("role", QStringLiteral("primary"));
    m_actions->addWidget(button);
    return button;
}

void EmptyState::clearActions()
{
    while (QLayoutItem* item = m_actions->takeAt(0)) {
        // A click on the button itself may lead here.
        if (QWidget* button = item->widget()) {
            button->hide();
            button->deleteLater();
        }
        delete item;
    }
}

void EmptyState::restyle()
{
    m_icon->setPixmap(iconPixmap(m_iconId, m_theme.tokens().muted, iconSize, devicePixelRatioF()));
}

} // namespace norikv::widgets
