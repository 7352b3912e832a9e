// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/comparedialog.h"

#include "models/text.h"
#include "widgets/diffview.h"
#include "widgets/elidedlabel.h"
#include "widgets/plaintext.h"
#include "widgets/theme.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace norikv::widgets {

using models::KeyCompare;

CompareDialog::CompareDialog(models::Dispatcher& dispatcher, client::Connection& connection,
    const client::Bytes& left, const Theme& theme, QWidget* parent)
    : QDialog(parent)
    , m_compare(dispatcher, connection)
    , m_leftKey(left)
{
    setWindowTitle(tr("Compare two keys"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(16, 16, 16, 16);
    column->setSpacing(12);
    auto* keys = new QHBoxLayout;
    keys->setSpacing(12);
    m_left = new ElidedLabel(models::shown(left), Qt::ElideMiddle);
    m_left->setFont(Theme::monoFont());
    m_right = new QLineEdit;
    m_right->setObjectName(QStringLiteral("otherKey"));
    m_right->setFont(Theme::monoFont());
    m_right->setPlaceholderText(tr("another key"));
    m_right->setAccessibleName(tr("Key to compare with"));
    m_go = new QPushButton(tr("Compare"));
    m_go->setObjectName(QStringLiteral("compareNow"));
    setStyleRole(m_go, "primary");
    m_go->setDefault(true);
    keys->addWidget(m_left, 1);
    auto* other = new QHBoxLayout;
    other->setSpacing(8);
    other->addWidget(m_right, 1);
    other->addWidget(m_go);
    keys->addLayout(other, 1);
    column->addLayout(keys);
    m_diff = new DiffView(theme);
    column->addWidget(m_diff, 1);
    auto* foot = new QHBoxLayout;
    m_remark = makeLabel(tr("Bytes that are no text are written as \\xNN."), "muted");
    m_remark->setWordWrap(true);
    foot->addWidget(m_remark, 1);
    auto* close = new QPushButton(tr("Close"));
    foot->addWidget(close);
    column->addLayout(foot);
    connect(close, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_go, &QPushButton::clicked, this, &CompareDialog::compare);
    connect(m_right, &QLineEdit::textChanged, this, &CompareDialog::refresh);
    connect(&m_compare, &KeyCompare::changed, this, &CompareDialog::refresh);
    resize(920, 560);
    refresh();
    m_right->setFocus();
}

void CompareDialog::compare()
{
    if (const auto key = client::fromPrintable(m_right->text().toStdString()); key && !key->empty())
        m_compare.compare(m_leftKey, *key);
}

void CompareDialog::refresh()
{
    const auto key = client::fromPrintable(m_right->text().toStdString());
    m_go->setEnabled(key && !key->empty() && key->size() <= client::MaxKeyBytes);
    switch (m_compare.state()) {
    case KeyCompare::State::Empty:
        return;
    case KeyCompare::State::Loading:
        m_remark->setText(tr("Reading both …"));
        return;
    case KeyCompare::State::Failed:
        m_remark->setText(m_compare.error().line());
        return;
    case KeyCompare::State::Ready:
        break;
    }
    const auto& diff = m_compare.diff();
    QString text = !diff.remark.isEmpty()
        ? diff.remark
        : tr("\u2212%1 +%2 lines; N and P go from change to change.").arg(diff.removed).arg(diff.added);
    for (const auto* entry : {&m_compare.left(), &m_compare.right()}) {
        if (!entry->exists())
            text = tr("%1 is missing. %2").arg(models::shown(entry->key), text);
    }
    m_remark->setText(text);
    if (sender() == &m_compare)
        m_diff->setDiff(diff);
}

} // namespace norikv::widgets
