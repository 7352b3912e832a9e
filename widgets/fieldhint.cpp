// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/fieldhint.h"

#include "widgets/icons.h"
#include "widgets/plaintext.h"

#include <QHBoxLayout>
#include <QLabel>

using namespace Qt::Literals::StringLiterals;

namespace norikv::widgets {

namespace {
constexpr int iconSide = 13;
} // namespace

FieldHint::FieldHint(const Theme& theme, const QString& hint, QWidget* parent)
    : QWidget(parent)
    , m_theme(theme)
    , m_icon(makeLabel(QString()))
    , m_text(makeLabel(QString()))
{
    m_text->setFont(Theme::smallFont());
    m_text->setWordWrap(true);
    auto* line = new QHBoxLayout(this);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(5);
    line->addWidget(m_icon, 0, Qt::AlignTop);
    line->addWidget(m_text, 1);
    connect(&theme, &Theme::changed, this, &FieldHint::restyle);
    setHint(hint);
}

void FieldHint::setHint(const QString& hint)
{
    m_hint = hint;
    restyle();
}

void FieldHint::setProblem(const QString& problem)
{
    m_problem = clippedLine(problem);
    restyle();
}

QString FieldHint::text() const { return m_text->text(); }

void FieldHint::restyle()
{
    const Tokens& t = m_theme.tokens();
    const bool wrong = !m_problem.isEmpty();
    m_icon->setVisible(wrong);
    if (wrong)
        m_icon->setPixmap(iconPixmap(u"error"_s, t.danger.text, iconSide, devicePixelRatioF()));
    m_text->setText(wrong ? m_problem : m_hint);
    QPalette p = m_text->palette();
    p.setColor(QPalette::WindowText, wrong ? t.danger.text : t.muted);
    m_text->setPalette(p);
    setVisible(!m_text->text().isEmpty());
}

} // namespace norikv::widgets
