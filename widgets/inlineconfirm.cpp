// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/inlineconfirm.h"

#include "widgets/plaintext.h"

#include <QBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QPushButton>

using namespace Qt::Literals::StringLiterals;

namespace norikv::widgets {

InlineConfirm::InlineConfirm(Qt::Orientation orientation, QWidget* parent)
    : QFrame(parent)
    , m_question(makeLabel(QString()))
    , m_act(new QPushButton)
    , m_other(new QPushButton)
    , m_back(new QPushButton)
{
    m_question->setWordWrap(true);
    m_act->setProperty("role", u"danger"_s);
    m_act->setObjectName(u"confirmAct"_s);
    m_other->setObjectName(u"confirmOther"_s);
    m_back->setObjectName(u"confirmBack"_s);
    const bool wide = orientation == Qt::Horizontal;
    auto* box = new QBoxLayout(wide ? QBoxLayout::LeftToRight : QBoxLayout::TopToBottom, this);
    box->setContentsMargins(0, wide ? 0 : 8, 0, wide ? 0 : 4);
    box->setSpacing(8);
    box->addWidget(m_question, wide ? 1 : 0);
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    for (QPushButton* button : {m_other, m_act, m_back}) {
        button->setAutoDefault(false);
        buttons->addWidget(button);
    }
    if (!wide)
        buttons->addStretch();
    box->addLayout(buttons);
    connect(m_act, &QPushButton::clicked, this, [this] {
        hide();
        Q_EMIT acted();
    });
    connect(m_other, &QPushButton::clicked, this, [this] {
        hide();
        Q_EMIT otherChosen();
    });
    connect(m_back, &QPushButton::clicked, this, [this] {
        hide();
        Q_EMIT dismissed();
    });
    hide();
}

void InlineConfirm::ask(
    const QString& question, const QString& act, const QString& back, const QString& other)
{
    m_question->setText(clippedLine(question));
    m_act->setText(act);
    m_back->setText(back);
    m_other->setText(other);
    m_other->setVisible(!other.isEmpty());
    setAccessibleName(m_question->text());
    show();
    m_back->setFocus(Qt::OtherFocusReason); // Enter by habit does no harm
}

void InlineConfirm::keyPressEvent(QKeyEvent* event)
{
    QPushButton* focused = nullptr;
    for (QPushButton* button : {m_act, m_other, m_back}) {
        if (button->hasFocus())
            focused = button;
    }
    if (event->key() == Qt::Key_Escape) {
        m_back->click();
    } else if ((event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) && focused != nullptr) {
        focused->click();
    } else {
        QFrame::keyPressEvent(event);
    }
}

} // namespace norikv::widgets
