// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/opencounterdialog.h"

#include "widgets/plaintext.h"

#include <QCheckBox>
#include <QDialogButtonBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QVBoxLayout>

namespace norikv::widgets {

OpenCounterDialog::OpenCounterDialog(QWidget* parent)
    : QDialog(parent)
{
    setWindowTitle(tr("Open counter"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(16, 16, 16, 16);
    column->setSpacing(12);
    m_name = new QLineEdit;
    m_name->setObjectName(QStringLiteral("counterName"));
    m_name->setPlaceholderText(tr("Name, for example api:requests"));
    m_name->setAccessibleName(tr("Name of the counter"));
    column->addWidget(m_name);
    auto* row = new QHBoxLayout;
    m_sharded = new QCheckBox(tr("Sharded over"));
    m_sharded->setObjectName(QStringLiteral("counterSharded"));
    m_shards = new QSpinBox;
    m_shards->setRange(1, 4096);
    m_shards->setValue(10);
    m_shards->setSuffix(tr(" keys"));
    m_shards->setEnabled(false);
    m_shards->setAccessibleName(tr("Number of shards"));
    row->addWidget(m_sharded);
    row->addWidget(m_shards);
    row->addStretch(1);
    column->addLayout(row);
    m_problem = makeLabel(QString(), "muted");
    m_problem->setWordWrap(true);
    column->addWidget(m_problem);
    auto* buttons = new QDialogButtonBox;
    m_open = buttons->addButton(tr("Open"), QDialogButtonBox::AcceptRole);
    setStyleRole(m_open, "primary");
    buttons->addButton(tr("Cancel"), QDialogButtonBox::RejectRole);
    column->addWidget(buttons);
    connect(m_sharded, &QCheckBox::toggled, m_shards, &QSpinBox::setEnabled);
    connect(m_name, &QLineEdit::textChanged, this, &OpenCounterDialog::check);
    connect(buttons, &QDialogButtonBox::accepted, this, &OpenCounterDialog::choose);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    resize(380, sizeHint().height());
    check();
}

void OpenCounterDialog::check()
{
    const auto name = client::fromPrintable(m_name->text().toStdString());
    QString problem;
    if (!name)
        problem = tr("A broken escape: write \\xNN for a byte and \\\\ for a backslash.");
    else if (name->size() > client::MaxKeyBytes)
        problem = tr("A key has at most 1,024 bytes; this one has %1.").arg(name->size());
    m_problem->setText(problem);
    m_open->setEnabled(problem.isEmpty() && !m_name->text().isEmpty());
}

void OpenCounterDialog::choose()
{
    const auto name = client::fromPrintable(m_name->text().toStdString());
    if (!name)
        return;
    Q_EMIT chosen(*name,
        m_sharded->isChecked() ? std::optional(static_cast<std::uint32_t>(m_shards->value())) : std::nullopt);
    accept();
}

} // namespace norikv::widgets
