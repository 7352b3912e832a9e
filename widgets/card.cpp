// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/card.h"

#include "widgets/elidedlabel.h"
#include "widgets/plaintext.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QVBoxLayout>

namespace norikv::widgets {

Card::Card(const QString& title, QWidget* parent)
    : QFrame(parent)
    , m_header(new QWidget(this))
    , m_title(makeLabel(QString(), "cardTitle"))
    , m_subtitle(new ElidedLabel)
    , m_leading(new QHBoxLayout)
    , m_trailing(new QHBoxLayout)
    , m_content(new QVBoxLayout)
{
    setProperty("role", QStringLiteral("card"));
    m_subtitle->setProperty("role", QStringLiteral("caption"));
    m_leading->setSpacing(12);
    m_trailing->setSpacing(8);

    auto* line = new QHBoxLayout(m_header);
    line->setContentsMargins(16, 12, 12, 4);
    line->setSpacing(10);
    line->addWidget(m_title);
    line->addWidget(m_subtitle, 1);
    line->addLayout(m_leading);
    line->addLayout(m_trailing);

    m_content->setContentsMargins(16, 8, 16, 12);
    m_content->setSpacing(8);
    auto* all = new QVBoxLayout(this);
    all->setContentsMargins(1, 1, 1, 1);
    all->setSpacing(0);
    all->addWidget(m_header);
    all->addLayout(m_content, 1);
    setTitle(title);
}

void Card::setTitle(const QString& title)
{
    m_title->setText(clippedLine(title));
    setAccessibleName(clippedLine(title));
    m_header->setVisible(!title.isEmpty());
}

void Card::setSubtitle(const QString& subtitle) { m_subtitle->setText(subtitle); }

void Card::addTrailing(QWidget* widget) { m_trailing->addWidget(widget); }

void Card::addLeading(QWidget* widget) { m_leading->addWidget(widget); }

} // namespace norikv::widgets
