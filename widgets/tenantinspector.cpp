// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/tenantinspector.h"

#include "models/tenantwords.h"
#include "models/text.h"
#include "widgets/badge.h"
#include "widgets/charttheme.h"
#include "widgets/elidedlabel.h"
#include "widgets/fieldhint.h"
#include "widgets/flowlayout.h"
#include "widgets/keyvaluelist.h"
#include "widgets/plaintext.h"
#include "widgets/plots/sparkline.h"
#include "widgets/quotabar.h"
#include "widgets/sectionheader.h"
#include "widgets/tabular.h"
#include "widgets/tenantplanbox.h"
#include "widgets/theme.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace norikv::widgets {

using models::TenantFeed;
using models::TenantState;

namespace {

constexpr std::size_t MostOthers = 500; // a list longer than that is no choice

QLabel* paragraph(const char* role = nullptr)
{
    auto* label = makeLabel(QString(), role);
    label->setWordWrap(true);
    return label;
}

QVBoxLayout* stacked(QWidget* box, int spacing = 6)
{
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(spacing);
    return column;
}

models::QuotaFigures figures(const std::optional<double>& share, const QString& text)
{
    return {share.value_or(0), share.has_value(), text};
}

} // namespace

TenantInspector::TenantInspector(TenantFeed& feed, const Theme& theme, QWidget* parent)
    : QWidget(parent)
    , m_feed(feed)
    , m_theme(theme)
{
    setObjectName(QStringLiteral("tenantInspector"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(16, 12, 16, 12);
    column->setSpacing(8);
    auto* head = new QHBoxLayout;
    m_name = new ElidedLabel;
    setStyleRole(m_name, "cardTitle");
    m_plan = new Badge(theme);
    head->addWidget(m_name, 1);
    head->addWidget(m_plan);
    column->addLayout(head);
    m_id = new ElidedLabel(QString(), Qt::ElideMiddle);
    setStyleRole(m_id, "caption");
    column->addWidget(m_id);

    m_body = new QWidget;
    auto* body = stacked(m_body, 10);
    auto* buttons = new QWidget;
    auto* flow = new FlowLayout(8, 8);
    buttons->setLayout(flow);
    m_lens = new QPushButton(tr("Work as tenant"));
    m_lens->setObjectName(QStringLiteral("lens"));
    m_lens->setToolTip(tr("Keep lists and new keys inside this tenant's keys until you leave"));
    setStyleRole(m_lens, "primary");
    m_open = new QPushButton(tr("Open metadata"));
    m_open->setObjectName(QStringLiteral("openMetadata"));
    flow->addWidget(m_lens);
    flow->addWidget(m_open);
    body->addWidget(buttons);
    m_banner = paragraph();
    m_banner->setObjectName(QStringLiteral("metadataBanner"));
    m_repair = new QPushButton(tr("Rewrite as valid JSON"));
    m_repair->setObjectName(QStringLiteral("repair"));
    body->addWidget(m_banner);
    body->addWidget(m_repair, 0, Qt::AlignLeft);
    body->addWidget(makeUse());
    m_planBox = new TenantPlanBox(feed, theme);
    body->addWidget(m_planBox);
    body->addWidget(makeIsolation());
    body->addWidget(makeBulk());
    column->addWidget(m_body);
    column->addStretch(1);

    connect(m_lens, &QPushButton::clicked, this, [this] { Q_EMIT lensChosen(m_shown); });
    connect(m_open, &QPushButton::clicked, this,
        [this] { Q_EMIT keyActivated(models::toQt(client::tenantMetaKey(m_shown))); });
    connect(m_repair, &QPushButton::clicked, this, [this] {
        if (const auto* tenant = m_feed.find(m_shown); tenant && tenant->reading.metadata)
            m_feed.repair(m_shown, *tenant->reading.metadata);
    });
    connect(&feed, &TenantFeed::changed, this, &TenantInspector::refresh);
    connect(&feed, &TenantFeed::stateChanged, this, &TenantInspector::refresh);
    connect(&feed, &TenantFeed::shardsCompared, this, &TenantInspector::showOverlap);
    refresh();
}

QWidget* TenantInspector::makeUse()
{
    auto* box = new QWidget;
    auto* column = stacked(box, 8);
    column->addWidget(new SectionHeader(tr("Use")));
    m_keys = new QuotaBar(m_theme, tr("Keys"));
    m_storage = new QuotaBar(m_theme, tr("Storage"));
    column->addWidget(m_keys);
    column->addWidget(m_storage);
    m_trend = new plots::Sparkline;
    m_trend->setFixedHeight(36);
    m_trend->setAccessibleName(tr("Trend of what is used"));
    m_trend->setToolTip(tr("What it used since this window was opened; of the limit that is closer"));
    followTheme(*m_trend, m_theme);
    column->addWidget(m_trend);
    m_outlook = paragraph("muted");
    m_outlook->setObjectName(QStringLiteral("outlook"));
    column->addWidget(m_outlook);
    m_facts = new KeyValueList;
    column->addWidget(m_facts);
    return box;
}

QWidget* TenantInspector::makeIsolation()
{
    auto* box = new QWidget;
    auto* column = stacked(box);
    column->addWidget(new SectionHeader(tr("Isolation")));
    m_isolation = paragraph();
    m_isolation->setObjectName(QStringLiteral("isolation"));
    column->addWidget(m_isolation);
    auto* row = new QHBoxLayout;
    row->setSpacing(8);
    m_other = new QComboBox;
    m_other->setAccessibleName(tr("Other tenant"));
    m_other->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_other->setMinimumContentsLength(8);
    m_compare = new QPushButton(tr("Shared shards"));
    m_compare->setObjectName(QStringLiteral("compareShards"));
    m_compare->setToolTip(tr("On how many shards do the keys of the two meet?"));
    row->addWidget(m_other, 1);
    row->addWidget(m_compare);
    column->addLayout(row);
    m_overlap = paragraph("muted");
    m_overlap->setObjectName(QStringLiteral("overlap"));
    m_overlap->hide();
    column->addWidget(m_overlap);
    connect(m_compare, &QPushButton::clicked, this, [this] {
        const int at = m_other->currentIndex();
        if (at >= 0 && std::size_t(at) < m_others.size())
            m_feed.compareShards(m_shown, m_others[std::size_t(at)]);
    });
    return box;
}

QWidget* TenantInspector::makeBulk()
{
    auto* box = new QWidget;
    auto* column = stacked(box);
    column->addWidget(new SectionHeader(tr("All its keys")));
    auto* buttons = new QWidget;
    auto* flow = new FlowLayout(8, 8);
    buttons->setLayout(flow);
    m_export = new QPushButton(tr("Export …"));
    m_clone = new QPushButton(tr("Clone …"));
    m_delete = new QPushButton(tr("Delete …"));
    setStyleRole(m_delete, "danger");
    for (auto* button : {m_export, m_clone, m_delete})
        flow->addWidget(button);
    column->addWidget(buttons);
    m_cloneRow = new QWidget;
    auto* clone = stacked(m_cloneRow);
    auto* row = new QHBoxLayout;
    row->setSpacing(8);
    m_cloneId = new QLineEdit;
    m_cloneId->setObjectName(QStringLiteral("cloneId"));
    m_cloneId->setPlaceholderText(tr("Id of the copy"));
    m_cloneId->setAccessibleName(tr("Id of the copy"));
    m_cloneApply = new QPushButton(tr("Clone"));
    m_cloneApply->setEnabled(false);
    row->addWidget(m_cloneId, 1);
    row->addWidget(m_cloneApply);
    clone->addLayout(row);
    m_cloneHint = new FieldHint(m_theme);
    clone->addWidget(m_cloneHint);
    m_cloneRow->hide();
    column->addWidget(m_cloneRow);
    using Kind = models::TenantBulk::Kind;
    connect(m_export, &QPushButton::clicked, this, [this] { m_feed.requestBulk(Kind::Export, m_shown); });
    connect(m_delete, &QPushButton::clicked, this, [this] { m_feed.requestBulk(Kind::Delete, m_shown); });
    connect(m_clone, &QPushButton::clicked, this, [this] {
        m_cloneRow->setVisible(!m_cloneRow->isVisible());
        m_cloneId->setFocus();
    });
    connect(m_cloneId, &QLineEdit::textChanged, this, [this](const QString& text) {
        const auto id = text.trimmed().toStdString();
        const auto ok = client::checkTenantId(id);
        const bool taken = ok && m_feed.find(id);
        m_cloneApply->setEnabled(ok && !taken);
        m_cloneHint->setProblem(text.isEmpty() ? QString()
                : taken                        ? tr("There is a tenant of that id already.")
                : ok                           ? QString()
                                               : QString::fromStdString(ok.error().message));
    });
    connect(m_cloneApply, &QPushButton::clicked, this, [this] {
        m_cloneRow->hide();
        m_feed.requestBulk(Kind::Clone, m_shown, m_cloneId->text().trimmed().toStdString());
    });
    return box;
}

void TenantInspector::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    refresh();
}

void TenantInspector::refresh()
{
    const TenantState* tenant = m_feed.selectedState();
    m_body->setVisible(tenant != nullptr);
    if (!tenant) {
        m_shown.clear();
        m_name->setText(tr("No tenant selected"));
        m_id->setText(QString());
        m_plan->clear();
        return;
    }
    const auto& metadata = tenant->reading.metadata;
    if (const bool other = std::exchange(m_shown, tenant->id()) != tenant->id(); other) {
        m_overlap->hide();
        m_cloneRow->hide();
    }
    m_name->setText(models::tenantName(*tenant));
    m_id->setText(models::shown(client::tenantPrefix(tenant->id())) + QStringLiteral("…"));
    const bool unknown = metadata && metadata->plan && !metadata->knownPlan();
    m_plan->setBadge(!metadata ? Tone::Warning
            : unknown          ? Tone::Warning
                               : Tone::Neutral,
        models::planWord(*tenant), !metadata || unknown ? QString() : QStringLiteral("dot"));
    if (!isVisible())
        return;
    const QString banner = !metadata && tenant->reading.stored
        ? tr("The metadata cannot be read: %1.").arg(QString::fromStdString(tenant->reading.unreadable))
        : metadata ? QString::fromStdString(client::strictReaders(*metadata))
                   : QString();
    m_banner->setText(banner);
    m_banner->setVisible(!banner.isEmpty());
    m_banner->setStyleSheet(QStringLiteral("color: %1").arg(m_theme.tokens().warning.text.name()));
    m_repair->setVisible(metadata && !metadata->notJson.empty());
    m_open->setEnabled(tenant->reading.stored.has_value());
    refreshUse(*tenant);
    m_planBox->setTenant(*tenant);
    refreshIsolation(*tenant);
    refreshOthers();
    const bool bulk = m_feed.offersBulk();
    for (auto* button : {m_export, m_clone, m_delete}) {
        button->setEnabled(bulk);
        button->setToolTip(bulk ? QString() : tr("Nothing here carries out work on many keys yet"));
    }
}

void TenantInspector::refreshUse(const TenantState& tenant)
{
    m_keys->setQuota(figures(tenant.keyShare(), models::keysText(tenant)));
    m_storage->setQuota(figures(tenant.byteShare(), models::storageText(tenant)));
    // The trend of what runs out first.
    const bool bytes = tenant.byteShare().value_or(-1) > tenant.keyShare().value_or(-1);
    std::vector<double> trend;
    for (const auto& sample : bytes ? tenant.byteTrend : tenant.keyTrend)
        trend.push_back(sample.used);
    m_trend->setVisible(trend.size() >= 3);
    m_trend->setValues(std::move(trend));
    m_outlook->setText(models::exhaustionText(tenant, m_feed.clock().nowMs()));
    std::vector<KeyValueRow> rows;
    const auto& metadata = tenant.reading.metadata;
    if (metadata) {
        rows.push_back({tr("Limits"), limitsText(metadata->limits)});
        rows.push_back({tr("Created"), models::createdText(tenant)});
        const auto dialect = client::name(metadata->dialect);
        rows.push_back({tr("Written by"),
            tr("a %1 client").arg(QString::fromUtf8(dialect.data(), qsizetype(dialect.size())))});
        if (!metadata->id.empty() && metadata->id != tenant.id())
            rows.push_back({tr("Id in the record"), models::shown(metadata->id)});
    }
    if (tenant.usage().hasCounter) {
        const auto& counter = tenant.usage().counter;
        rows.push_back({tr("Go usage counter"), counter ? groupDigits(*counter) : tr("not read")});
        rows.push_back({tr("Keys counted"),
            (tenant.complete() ? QString() : QStringLiteral("≥ "))
                + groupDigits(qint64(tenant.usage().keys))});
    }
    m_facts->setRows(rows);
}

void TenantInspector::refreshIsolation(const TenantState& tenant)
{
    QStringList lines;
    for (const auto& finding : tenant.findings)
        lines << QStringLiteral("▲ %1: %2")
                     .arg(QString::fromStdString(finding.rule), QString::fromStdString(finding.evidence));
    if (tenant.usage().sharedKeys > 0) {
        lines << tr("%n key(s) could also be of tenant %1.", nullptr, int(tenant.usage().sharedKeys))
                     .arg(models::shown(tenant.usage().sharedWith));
    }
    if (tenant.id().find(':') != client::Bytes::npos)
        lines << tr("The id holds a colon: its keys look like keys of a shorter id.");
    if (lines.isEmpty())
        lines << (tenant.complete() ? tr("Its keys are its own; metadata and plan are in order.")
                                    : tr("Nothing suspicious among the known keys."));
    m_isolation->setText(lines.join(QLatin1Char('\n')));
}

void TenantInspector::refreshOthers()
{
    std::vector<client::Bytes> others;
    for (const auto& tenant : m_feed.tenants()) {
        if (tenant.id() != m_shown && others.size() < MostOthers)
            others.push_back(tenant.id());
    }
    if (others == m_others && m_other->count() == int(others.size()))
        return;
    const int at = m_other->currentIndex();
    const client::Bytes chosen
        = at >= 0 && std::size_t(at) < m_others.size() ? m_others[std::size_t(at)] : client::Bytes();
    m_others = std::move(others);
    m_other->clear();
    for (const auto& id : m_others)
        m_other->addItem(models::shown(id, 64));
    const auto kept = std::ranges::find(m_others, chosen);
    m_other->setCurrentIndex(m_others.empty() ? -1
            : kept == m_others.end()          ? 0
                                              : int(kept - m_others.begin()));
    m_compare->setEnabled(!m_others.empty());
}

void TenantInspector::showOverlap(const models::ShardOverlap& overlap)
{
    if (overlap.a != m_shown)
        return;
    m_overlap->setText(
        tr("%1 uses %2 shards and %3 uses %4; they meet on %5, with %6 and %7 keys there.")
            .arg(models::shown(overlap.a), QString::number(overlap.shardsA), models::shown(overlap.b),
                QString::number(overlap.shardsB), QString::number(overlap.both),
                QString::number(overlap.keysA), QString::number(overlap.keysB)));
    m_overlap->show();
}

} // namespace norikv::widgets
