// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/burstbox.h"

#include "models/text.h"
#include "widgets/flowlayout.h"
#include "widgets/plaintext.h"

#include <QCheckBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QSpinBox>
#include <QVBoxLayout>

namespace norikv::widgets {

namespace {

constexpr char Prefix[] = "burst:";

QSpinBox* number(FlowLayout& flow, const QString& words, const char* name, int least, int most, int value,
    const QString& suffix = {})
{
    auto* pair = new QWidget;
    auto* row = new QHBoxLayout(pair);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(6);
    auto* box = new QSpinBox;
    box->setObjectName(QString::fromLatin1(name));
    box->setRange(least, most);
    box->setValue(value);
    box->setSuffix(suffix);
    box->setAccessibleName(words);
    row->addWidget(makeLabel(words, "muted"));
    row->addWidget(box);
    flow.addWidget(pair);
    return box;
}

} // namespace

BurstBox::BurstBox(models::RateLimitFeed& feed, QWidget* parent)
    : QFrame(parent)
    , m_feed(feed)
{
    setObjectName(QStringLiteral("burstBox"));
    setStyleRole(this, "card");
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(12, 10, 12, 10);
    column->setSpacing(8);
    auto* words
        = makeLabel(tr("Sends requests of a caller of its own from several clients at once, and counts "
                       "how many are let in. It writes one key, which is left to expire."),
            "muted");
    words->setWordWrap(true);
    column->addWidget(words);
    auto* fields = new QWidget;
    auto* flow = new FlowLayout(16, 8);
    fields->setLayout(flow);
    m_most = number(*flow, tr("Limit"), "burstLimit", 1, 10'000, 20);
    m_window = number(*flow, tr("in"), "burstWindow", 1, 3600, 10, tr(" s"));
    m_clients = number(*flow, tr("Clients"), "burstClients", 1, 64, 8);
    m_each = number(*flow, tr("Requests each"), "burstEach", 1, 1000, 10);
    m_pace = number(*flow, tr("Each a second"), "burstPace", 0, 1000, 20);
    m_pace->setSpecialValueText(tr("at once"));
    m_skew = number(*flow, tr("Clocks apart"), "burstSkew", 0, 3600, 0, tr(" s"));
    m_skew->setPrefix(QStringLiteral("± "));
    m_skew->setToolTip(
        tr("The clients' clocks are spread evenly between this much behind and this much ahead"));
    column->addWidget(fields);
    m_documents
        = new QCheckBox(tr("As the user's document writes it: the first request is bound to nothing"));
    m_documents->setObjectName(QStringLiteral("burstDocuments"));
    column->addWidget(m_documents);
    auto* row = new QHBoxLayout;
    m_send = new QPushButton(tr("Send the burst"));
    m_send->setObjectName(QStringLiteral("sendBurst"));
    setStyleRole(m_send, "primary");
    m_stop = new QPushButton(tr("Stop"));
    m_stop->setObjectName(QStringLiteral("stopBurst"));
    row->addWidget(m_send);
    row->addWidget(m_stop);
    row->addStretch(1);
    column->addLayout(row);
    m_result = makeLabel(QString());
    m_result->setObjectName(QStringLiteral("burstResult"));
    m_result->setWordWrap(true);
    column->addWidget(m_result);
    connect(m_send, &QPushButton::clicked, this, &BurstBox::send);
    connect(m_stop, &QPushButton::clicked, this, [this] { m_feed.stopBurst(); });
    connect(&feed, &models::RateLimitFeed::burstChanged, this, &BurstBox::refresh);
    refresh();
}

void BurstBox::send()
{
    client::demo::BurstPlan plan;
    plan.identifier = Prefix + client::randomUuid();
    plan.limit
        = {static_cast<std::uint32_t>(m_most->value()), static_cast<std::uint64_t>(m_window->value()) * 1000};
    plan.clients = m_clients->value();
    plan.requestsEach = m_each->value();
    plan.spacing = std::chrono::milliseconds(m_pace->value() == 0 ? 0 : 1000 / m_pace->value());
    plan.skew = std::chrono::seconds(m_skew->value());
    plan.documentsCode = m_documents->isChecked();
    m_feed.tryLimit(Prefix, plan.limit); // the table holds it to the same
    m_feed.startBurst(plan);
}

void BurstBox::refresh()
{
    m_stop->setVisible(m_feed.bursting());
    m_send->setText(m_feed.bursting() ? tr("Sending …") : tr("Send the burst"));
    m_result->setText(resultText());
    m_result->setVisible(!m_result->text().isEmpty());
}

QString BurstBox::resultText() const
{
    const auto& burst = m_feed.burst();
    if (!burst)
        return {};
    const auto figure = [](std::int64_t n) { return models::grouped(qulonglong(n)); };
    QStringList lines{tr("Let in %1 of %2; the limit allows %3.")
                          .arg(figure(burst->admitted), figure(burst->sent), figure(burst->allowed))};
    if (burst->tooMany() > 0)
        lines.last() += tr(" That is %1 too many.").arg(figure(burst->tooMany()));
    lines << tr(
        "Refused %1, undecided after five attempts %2 (the document's middleware lets those through), "
        "in the list at the end %3, took %4 ms.")
                 .arg(figure(burst->refused), figure(burst->undecided), figure(burst->stored),
                     figure(burst->took.count()));
    for (const auto& finding : burst->findings)
        lines << QStringLiteral("%1: %2").arg(
            QString::fromStdString(finding.rule), QString::fromStdString(finding.evidence));
    if (burst->findings.empty())
        lines << tr("No rule has anything to say.");
    return lines.join(QLatin1Char('\n'));
}

} // namespace norikv::widgets
