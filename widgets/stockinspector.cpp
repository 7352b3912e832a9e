// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/stockinspector.h"

#include "models/sessionmodel.h"
#include "models/text.h"
#include "widgets/charttheme.h"
#include "widgets/elidedlabel.h"
#include "widgets/keyvaluelist.h"
#include "widgets/plaintext.h"
#include "widgets/plots/sparkline.h"
#include "widgets/sectionheader.h"
#include "widgets/theme.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QSpinBox>
#include <QVBoxLayout>

namespace norikv::widgets {

using models::StockFeed;

namespace {

constexpr int MostAttempts = 10; // what the pattern allows
constexpr int MostUnits = 1'000'000'000;

QString number(std::optional<std::int64_t> n)
{
    return n
        ? (*n < 0 ? QStringLiteral("-") + models::grouped(qulonglong(-*n)) : models::grouped(qulonglong(*n)))
        : StockInspector::tr("not told");
}

} // namespace

StockInspector::StockInspector(StockFeed& feed, const Theme& theme, QWidget* parent)
    : QWidget(parent)
    , m_feed(feed)
    , m_theme(theme)
{
    setObjectName(QStringLiteral("stockInspector"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(16, 12, 16, 12);
    column->setSpacing(8);
    m_name = new ElidedLabel;
    setStyleRole(m_name, "cardTitle");
    column->addWidget(m_name);
    m_trouble = makeLabel(QString());
    m_trouble->setWordWrap(true);
    m_trouble->setObjectName(QStringLiteral("stockTrouble"));
    column->addWidget(m_trouble);
    m_body = new QWidget;
    auto* body = new QVBoxLayout(m_body);
    body->setContentsMargins(0, 0, 0, 0);
    body->setSpacing(8);
    m_facts = new KeyValueList;
    body->addWidget(m_facts);
    m_leakBox = new QWidget;
    auto* leak = new QVBoxLayout(m_leakBox);
    leak->setContentsMargins(0, 0, 0, 0);
    leak->setSpacing(4);
    leak->addWidget(new SectionHeader(tr("Leaked units over time")));
    m_leak = new plots::Sparkline;
    m_leak->setObjectName(QStringLiteral("leakChart"));
    m_leak->setFixedHeight(40);
    m_leak->setAccessibleName(tr("Leaked units over time"));
    followTheme(*m_leak, theme);
    leak->addWidget(m_leak);
    m_leakText = makeLabel(QString(), "caption");
    m_leakText->setWordWrap(true);
    leak->addWidget(m_leakText);
    body->addWidget(m_leakBox);
    body->addWidget(makeActions());
    column->addWidget(m_body);
    column->addStretch(1);

    connect(&feed, &StockFeed::attempted, this, [this](const QString& text) {
        QStringList lines = m_attempts->text().split(QLatin1Char('\n'), Qt::SkipEmptyParts);
        if (text.startsWith(tr("attempt %1:").arg(1)))
            lines.clear();
        while (lines.size() >= MostAttempts)
            lines.removeFirst();
        lines << text;
        m_attempts->setText(lines.join(QLatin1Char('\n')));
        m_attempts->show();
    });
    const auto visible = [this] {
        if (isVisible())
            refresh();
    };
    connect(&feed, &StockFeed::changed, this, visible);
    m_tick.setInterval(1000);
    connect(&m_tick, &QTimer::timeout, this, visible);
    m_tick.start();
    refresh();
}

QWidget* StockInspector::makeActions()
{
    auto* box = new QWidget;
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    const auto row = [column](std::initializer_list<QWidget*> widgets) {
        auto* line = new QHBoxLayout;
        line->setSpacing(8);
        for (QWidget* widget : widgets)
            line->addWidget(widget);
        line->addStretch(1);
        column->addLayout(line);
    };
    const auto spin = [](const char* name, const QString& what, int least, int value) {
        auto* made = new QSpinBox;
        made->setObjectName(QString::fromLatin1(name));
        made->setAccessibleName(what);
        made->setRange(least, MostUnits);
        made->setValue(value);
        made->setMinimumWidth(84);
        return made;
    };
    column->addWidget(new SectionHeader(tr("Change")));
    m_units = spin("reserveUnits", tr("Units to reserve"), 1, 1);
    m_reserve = new QPushButton(tr("Reserve"));
    m_reserve->setObjectName(QStringLiteral("reserve"));
    setStyleRole(m_reserve, "primary");
    row({m_units, m_reserve});
    m_attempts = makeLabel(QString(), "caption");
    m_attempts->setObjectName(QStringLiteral("stockAttempts"));
    m_attempts->setWordWrap(true);
    m_attempts->hide();
    column->addWidget(m_attempts);
    m_delivered = spin("deliverUnits", tr("Units to add to the stock"), -MostUnits, 10);
    auto* deliver = new QPushButton(tr("Add to stock"));
    deliver->setObjectName(QStringLiteral("deliver"));
    row({m_delivered, deliver});
    m_reconcile = new QPushButton(tr("Give leaked units back…"));
    m_reconcile->setObjectName(QStringLiteral("reconcile"));
    m_reconcile->setToolTip(tr("First shows what would change"));
    auto* open = new QPushButton(tr("Open key"));
    row({m_reconcile, open});

    connect(m_reserve, &QPushButton::clicked, this, [this] { m_feed.reserve(m_sku, m_units->value()); });
    connect(deliver, &QPushButton::clicked, this, [this] { m_feed.deliver(m_sku, m_delivered->value()); });
    connect(m_reconcile, &QPushButton::clicked, this, [this] { m_feed.planReconcile({m_sku}); });
    connect(open, &QPushButton::clicked, this,
        [this] { Q_EMIT keyActivated(models::toQt(client::itemKey(m_sku))); });
    return box;
}

void StockInspector::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    refresh();
}

void StockInspector::refresh()
{
    const auto& row = m_feed.selectedRow();
    m_body->setVisible(row.has_value());
    m_trouble->setVisible(false);
    if (!row) {
        m_name->setText(m_feed.selected().empty()
                ? tr("No item chosen")
                : tr("%1 is not there").arg(models::shown(m_feed.selected())));
        return;
    }
    if (m_sku != row->reading.sku) {
        m_sku = row->reading.sku;
        m_attempts->clear();
        m_attempts->hide();
    }
    m_name->setText(models::shown(m_sku));
    const auto& item = row->reading.item;
    QStringList wrong;
    for (const QString& rule :
        QString::fromStdString(row->wrong).split(QLatin1Char(' '), Qt::SkipEmptyParts)) {
        const auto title = client::ruleTitle(rule.toStdString());
        wrong << tr("%1: %2. The findings below say why.")
                     .arg(rule, QString::fromUtf8(title.data(), qsizetype(title.size())));
    }
    if (!row->reading.there)
        wrong << tr("There is no item of this name; its reservations can never be sold.");
    else if (!item)
        wrong << tr("It cannot be read as an item: %1.").arg(QString::fromStdString(row->reading.unreadable));
    else
        for (const auto& complaint : item->complaints)
            wrong << models::shown(complaint);
    m_trouble->setText(wrong.join(QLatin1Char('\n')));
    m_trouble->setVisible(!wrong.isEmpty());
    std::vector<KeyValueRow> rows;
    if (item) {
        rows.push_back({tr("In stock"), number(item->quantity)});
        rows.push_back({tr("Reserved"), number(item->reserved)});
        rows.push_back({tr("Available"), number(row->available())});
        if (item->hasReservations())
            rows.push_back({tr("Held by reservations"),
                tr("%1 in %2")
                    .arg(models::grouped(qulonglong(row->held)), models::grouped(row->reservations))});
        if (row->leaked > 0)
            rows.push_back({tr("Reserved for nobody"), models::grouped(qulonglong(row->leaked))});
        if (item->lastUpdated)
            rows.push_back({tr("Last changed"), models::agoText(item->lastUpdated, m_feed.nowMs())});
        rows.push_back({tr("Written as by"),
            tr("a %1 client").arg(QString::fromLatin1(client::name(item->dialect).data()))});
    }
    m_facts->setRows(rows);
    m_reserve->setEnabled(item && row->available().value_or(0) > 0);
    m_reserve->setToolTip(m_reserve->isEnabled() ? QString() : tr("Nothing is available"));
    m_reconcile->setVisible(row->leaked > 0);
    refreshLeak(*row);
}

void StockInspector::refreshLeak(const models::StockRow& row)
{
    const auto& history = m_feed.leak();
    m_leakBox->setVisible(!history.empty());
    if (history.empty())
        return;
    std::vector<double> values;
    for (const auto& point : history)
        values.push_back(static_cast<double>(point.leaked));
    if (values.size() == 1)
        values.push_back(values.front());
    m_leak->setValues(std::move(values));
    const auto at = models::LeakMeter::soldOutOnPaper(history);
    if (!at) {
        m_leakText->setText(
            tr("%n unit(s) leaked; not growing since this connection was opened.", nullptr, int(row.leaked)));
        return;
    }
    m_leakText->setText(tr("At this pace nothing is left to sell in %1, although it stands on the shelf.")
                            .arg(models::countdownText(*at - m_feed.nowMs())));
}

} // namespace norikv::widgets
