// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/sectionheader.h"

#include "widgets/elidedlabel.h"
#include "widgets/plaintext.h"

#include <QHBoxLayout>
#include <QLabel>

namespace norikv::widgets {

SectionHeader::SectionHeader(const QString& title, Level level, QWidget* parent)
    : QWidget(parent)
    , m_title(makeLabel(QString(), level == Level::Page ? "heading" : "section"))
    , m_remark(new ElidedLabel)
    , m_trailing(new QHBoxLayout)
{
    m_remark->setProperty("role", level == Level::Page ? QStringLiteral("muted") : QStringLiteral("caption"));
    m_trailing->setSpacing(8);
    auto* line = new QHBoxLayout(this);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(10);
    line->addWidget(m_title);
    line->addWidget(m_remark, 1);
    line->addLayout(m_trailing);
    setTitle(title);
}

void SectionHeader::setTitle(const QString& title)
{
    m_title->setText(clippedLine(title));
    setAccessibleName(m_title->text());
}

void SectionHeader::setRemark(const QString& remark) { m_remark->setText(remark); }

void SectionHeader::addTrailing(QWidget* widget) { m_trailing->addWidget(widget); }

} // namespace norikv::widgets
