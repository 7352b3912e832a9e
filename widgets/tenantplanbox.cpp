// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/tenantplanbox.h"

#include "models/tenantwords.h"
#include "widgets/inlineconfirm.h"
#include "widgets/plaintext.h"
#include "widgets/sectionheader.h"
#include "widgets/tabular.h"
#include "widgets/tenantform.h"
#include "widgets/theme.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace norikv::widgets {

using models::TenantFeed;
using models::TenantState;

QString limitsText(const client::TenantLimits& limits)
{
    const auto bytes = limits.maxBytes();
    return TenantPlanBox::tr("%1 keys, %2")
        .arg(limits.maxKeys ? groupDigits(qint64(*limits.maxKeys)) : TenantPlanBox::tr("any number of"),
            bytes ? models::sizeWords(*bytes) : TenantPlanBox::tr("any size"));
}

TenantPlanBox::TenantPlanBox(TenantFeed& feed, const Theme& theme, QWidget* parent)
    : QWidget(parent)
    , m_feed(feed)
    , m_theme(theme)
    , m_plan(makePlanBox())
    , m_preview(makeLabel(QString(), "muted"))
    , m_apply(new QPushButton(tr("Apply")))
    , m_confirm(new InlineConfirm)
{
    m_plan->setObjectName(QStringLiteral("newPlan"));
    m_apply->setObjectName(QStringLiteral("applyPlan"));
    m_preview->setObjectName(QStringLiteral("planPreview"));
    m_preview->setWordWrap(true);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(6);
    column->addWidget(new SectionHeader(tr("Change plan")));
    auto* row = new QHBoxLayout;
    row->setSpacing(8);
    row->addWidget(m_plan, 1);
    row->addWidget(m_apply);
    column->addLayout(row);
    column->addWidget(m_preview);
    column->addWidget(m_confirm);
    connect(m_plan, &QComboBox::currentIndexChanged, this, [this] {
        m_confirm->hide();
        refresh();
    });
    connect(m_apply, &QPushButton::clicked, this, [this] { apply(false); });
    connect(m_confirm, &InlineConfirm::acted, this, [this] { apply(true); });
}

client::TenantPlan TenantPlanBox::chosen() const { return client::TenantPlan(m_plan->currentData().toInt()); }

void TenantPlanBox::setTenant(const TenantState& tenant)
{
    const auto& metadata = tenant.reading.metadata;
    if (std::exchange(m_shown, tenant.id()) != tenant.id()) {
        m_confirm->hide();
        const QSignalBlocker quiet(m_plan);
        const auto plan = metadata ? metadata->knownPlan() : std::nullopt;
        m_plan->setCurrentIndex(m_plan->findData(int(plan.value_or(client::TenantPlan::Free))));
    }
    setVisible(metadata.has_value());
    refresh();
}

void TenantPlanBox::refresh()
{
    const auto preview = m_feed.preview(m_shown, chosen());
    if (!preview)
        return;
    const bool same = preview->fromPlan == client::name(preview->to) && preview->before == preview->after;
    m_apply->setEnabled(!same);
    QString text = QString::fromStdString(client::previewText(*preview));
    text[0] = text[0].toUpper();
    m_preview->setText(same ? tr("This is its plan now: %1.").arg(limitsText(preview->after))
                            : tr("%1. Limits become %2.").arg(text, limitsText(preview->after)));
    m_preview->setStyleSheet(same || preview->fits()
            ? QString()
            : QStringLiteral("color: %1").arg(m_theme.tokens().warning.text.name()));
}

void TenantPlanBox::apply(bool evenIfOver)
{
    const TenantState* tenant = m_feed.find(m_shown);
    const auto preview = m_feed.preview(m_shown, chosen());
    if (!tenant || !tenant->reading.metadata || !preview)
        return;
    if (!preview->fits() && !evenIfOver) {
        m_confirm->ask(
            tr("The tenant will be over its limits. No key is deleted, and no server enforces limits."),
            tr("Change plan"), tr("Cancel"));
        return;
    }
    m_feed.changePlan(m_shown, chosen(), *tenant->reading.metadata);
}

} // namespace norikv::widgets
