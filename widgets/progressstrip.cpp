// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/progressstrip.h"

#include "widgets/elidedlabel.h"
#include "widgets/plaintext.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>

#include <cmath>

namespace norikv::widgets {

namespace {
constexpr int Steps = 1000;
}

ProgressStrip::ProgressStrip(QWidget* parent)
    : QWidget(parent)
    , m_what(new ElidedLabel)
    , m_bar(new QProgressBar)
    , m_cancel(new QPushButton(tr("Cancel")))
{
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(10);
    setStyleRole(m_what, "muted"); // elided: a strip that comes and goes must not widen the window
    m_bar->setTextVisible(false);
    m_bar->setMinimumWidth(60);
    m_cancel->setObjectName(QStringLiteral("cancelProgress"));
    setStyleRole(m_cancel, "compact");
    row->addWidget(m_what);
    row->addWidget(m_bar, 1);
    row->addWidget(m_cancel);
    connect(m_cancel, &QPushButton::clicked, this, &ProgressStrip::cancelled);
    hide();
}

void ProgressStrip::setCanCancel(bool can) { m_cancel->setVisible(can); }

void ProgressStrip::showProgress(const QString& what, double share)
{
    m_what->setText(clippedLine(what));
    m_bar->setAccessibleName(m_what->text());
    m_bar->setRange(0, share < 0 ? 0 : Steps);
    if (share >= 0)
        m_bar->setValue(int(std::lround(std::min(1.0, share) * Steps)));
    show();
}

} // namespace norikv::widgets
