// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/tenantform.h"

#include "models/text.h"
#include "widgets/fieldhint.h"
#include "widgets/plaintext.h"
#include "widgets/theme.h"

#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace norikv::widgets {

QComboBox* makePlanBox()
{
    auto* box = new QComboBox;
    using enum client::TenantPlan;
    box->addItem(TenantForm::tr("free"), int(Free));
    box->addItem(TenantForm::tr("pro"), int(Pro));
    box->addItem(TenantForm::tr("enterprise"), int(Enterprise));
    box->setAccessibleName(TenantForm::tr("Plan"));
    return box;
}

TenantForm::TenantForm(const Theme& theme, QWidget* parent)
    : QFrame(parent)
    , m_title(makeLabel(QString(), "cardTitle"))
    , m_id(new QLineEdit)
    , m_name(new QLineEdit)
    , m_plan(makePlanBox())
    , m_java(new QCheckBox(tr("its keys are <id>:<key>, as Java clients write them")))
    , m_hint(new FieldHint(theme))
    , m_apply(new QPushButton)
{
    setObjectName(QStringLiteral("tenantForm"));
    setProperty("role", QStringLiteral("card"));
    m_id->setObjectName(QStringLiteral("tenantId"));
    m_id->setPlaceholderText(tr("Id, e.g. acme"));
    m_id->setAccessibleName(tr("Tenant id"));
    m_name->setObjectName(QStringLiteral("tenantName"));
    m_name->setPlaceholderText(tr("Name, e.g. Acme Corp"));
    m_name->setAccessibleName(tr("Tenant name"));
    m_plan->setObjectName(QStringLiteral("tenantPlan"));
    m_apply->setObjectName(QStringLiteral("tenantApply"));
    setStyleRole(m_apply, "primary");
    auto* cancel = new QPushButton(tr("Cancel"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(14, 12, 14, 12);
    column->setSpacing(8);
    column->addWidget(m_title);
    auto* row = new QHBoxLayout;
    row->setSpacing(8);
    row->addWidget(m_id, 2);
    row->addWidget(m_name, 3);
    row->addWidget(m_plan);
    row->addWidget(m_apply);
    row->addWidget(cancel);
    column->addLayout(row);
    column->addWidget(m_java);
    column->addWidget(m_hint);
    hide();
    connect(m_id, &QLineEdit::textChanged, this, &TenantForm::check);
    for (QLineEdit* field : {m_id, m_name})
        connect(field, &QLineEdit::returnPressed, this, &TenantForm::apply);
    connect(m_apply, &QPushButton::clicked, this, &TenantForm::apply);
    connect(cancel, &QPushButton::clicked, this, &QWidget::hide);
}

void TenantForm::start(Mode mode)
{
    m_mode = mode;
    const bool create = mode == Mode::Create;
    m_title->setText(create ? tr("Create a tenant") : tr("Follow a tenant by its id"));
    m_name->setVisible(create);
    m_plan->setVisible(create);
    m_java->setVisible(!create);
    m_apply->setText(create ? tr("Create") : tr("Follow"));
    m_hint->setHint(create ? tr("The id becomes part of every key: tenant:<id>:<key>.")
                           : tr("Reads its metadata and counts the keys that are known."));
    m_id->clear();
    m_name->clear();
    m_java->setChecked(false);
    check();
    show();
    m_id->setFocus(Qt::OtherFocusReason);
}

void TenantForm::check()
{
    const auto id = client::fromPrintable(m_id->text().trimmed().toStdString());
    const auto ok = id ? client::checkTenantId(*id)
                       : client::Result<void>(client::fail(client::ErrorKind::InvalidRequest,
                           "write \\xNN for a byte and \\\\ for a backslash"));
    // An id with a colon may exist: it can be followed, not created.
    const bool good = ok || (m_mode == Mode::Follow && id && !id->empty());
    m_apply->setEnabled(good);
    QString problem = good || m_id->text().isEmpty() ? QString() : QString::fromStdString(ok.error().message);
    if (!problem.isEmpty())
        problem[0] = problem[0].toUpper();
    m_hint->setProblem(problem.isEmpty() ? problem : problem + QLatin1Char('.'));
}

void TenantForm::apply()
{
    if (!m_apply->isEnabled())
        return;
    const client::Bytes id = *client::fromPrintable(m_id->text().trimmed().toStdString());
    hide();
    if (m_mode == Mode::Create)
        Q_EMIT createChosen(id, m_name->text().trimmed(), client::TenantPlan(m_plan->currentData().toInt()));
    else
        Q_EMIT followChosen(id, m_java->isChecked());
}

void TenantForm::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Escape)
        hide();
    else
        QFrame::keyPressEvent(event);
}

} // namespace norikv::widgets
