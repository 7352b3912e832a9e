// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/eventinspector.h"

#include "models/text.h"
#include "widgets/appendform.h"
#include "widgets/elidedlabel.h"
#include "widgets/flowlayout.h"
#include "widgets/keyvaluelist.h"
#include "widgets/plaintext.h"
#include "widgets/sectionheader.h"
#include "widgets/tabular.h"
#include "widgets/theme.h"

#include "client/decode/json.h"

#include <QApplication>
#include <QClipboard>
#include <QDateTime>
#include <QDoubleSpinBox>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

namespace norikv::widgets {

using models::EventFeed;
using models::EventFormat;

namespace {

constexpr std::size_t MostDataBytes = 64 * 1024; // shown; the key's own inspector shows all
constexpr int DataLines = 7;
constexpr EpochMs StandsMs = 15'000; // a finding that was not told for so long is over

QString timeText(EpochMs at)
{
    return at == 0 ? EventInspector::tr("not told")
                   : QDateTime::fromMSecsSinceEpoch(at).toString(QStringLiteral("yyyy-MM-dd HH:mm:ss.zzz"));
}

QString prettyData(const std::string& data)
{
    if (data.empty())
        return EventInspector::tr("no data");
    const auto pretty = client::prettyJson(data);
    std::string text = pretty ? *pretty : data;
    const bool cut = text.size() > MostDataBytes;
    text.resize(std::min(text.size(), MostDataBytes));
    return QString::fromStdString(text) + (cut ? QStringLiteral("\n…") : QString());
}

} // namespace

EventInspector::EventInspector(EventFeed& feed, const Theme& theme, QWidget* parent)
    : QWidget(parent)
    , m_feed(feed)
{
    setObjectName(QStringLiteral("eventInspector"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(16, 12, 16, 12);
    column->setSpacing(8);
    m_name = new ElidedLabel;
    setStyleRole(m_name, "cardTitle");
    column->addWidget(m_name);
    m_layout = makeLabel(QString(), "caption");
    m_layout->setWordWrap(true);
    column->addWidget(m_layout);
    m_trouble = makeLabel(QString());
    m_trouble->setObjectName(QStringLiteral("streamTrouble"));
    m_trouble->setWordWrap(true);
    column->addWidget(m_trouble);
    m_streamFacts = new KeyValueList;
    column->addWidget(m_streamFacts);
    m_export = new QPushButton(tr("Export"));
    m_export->setObjectName(QStringLiteral("exportEvents"));
    auto* menu = new QMenu(m_export);
    const auto entry = [this, menu](const QString& text, EventFormat format, bool toFile) {
        connect(menu->addAction(text), &QAction::triggered, this,
            [this, format, toFile] { exportAs(format, toFile); });
    };
    entry(tr("Save as NDJSON…"), EventFormat::Ndjson, true);
    entry(tr("Save as CSV…"), EventFormat::Csv, true);
    entry(tr("Save as Mermaid diagram…"), EventFormat::Mermaid, true);
    menu->addSeparator();
    entry(tr("Copy as NDJSON"), EventFormat::Ndjson, false);
    entry(tr("Copy as Mermaid diagram"), EventFormat::Mermaid, false);
    entry(tr("Copy as test fixture"), EventFormat::Fixture, false);
    m_export->setMenu(menu);
    column->addWidget(m_export, 0, Qt::AlignLeft);
    column->addWidget(makeEvent());
    m_appendTitle = new SectionHeader(tr("Append an event"));
    column->addWidget(m_appendTitle);
    column->addWidget(makeBank());
    m_append = new AppendForm(theme);
    column->addWidget(m_append);
    column->addStretch(1);

    connect(
        m_append, &AppendForm::appendRequested, this, [this](const QString& type, const QByteArray& json) {
            if (const auto& stream = m_feed.opened().stream)
                m_feed.append(*stream, type, json);
        });
    connect(&feed, &EventFeed::exported, this, [this](EventFormat, const QByteArray& text) {
        QApplication::clipboard()->setText(QString::fromUtf8(text));
        Q_EMIT said(tr("Copied."));
    });
    connect(&feed, &EventFeed::fileWritten, this, [this](const QString& file, const QString& problem) {
        Q_EMIT said(problem.isEmpty() ? tr("Saved to %1").arg(file)
                                      : tr("%1 could not be written: %2").arg(file, problem));
    });
    connect(&feed, &EventFeed::found, this, &EventInspector::keep);
    connect(&feed, &EventFeed::selectionChanged, this, [this] {
        if (isVisible())
            refresh();
    });
    connect(&feed, &EventFeed::changed, this, [this] {
        if (isVisible())
            refresh();
    });
    refresh();
}

QWidget* EventInspector::makeEvent()
{
    m_eventBox = new QWidget;
    auto* column = new QVBoxLayout(m_eventBox);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(6);
    m_eventTitle = new SectionHeader(tr("Event"));
    column->addWidget(m_eventTitle);
    m_eventFacts = new KeyValueList;
    column->addWidget(m_eventFacts);
    m_id = new ElidedLabel(QString(), Qt::ElideMiddle);
    setStyleRole(m_id, "caption");
    column->addWidget(m_id);
    m_complaints = makeLabel(QString());
    m_complaints->setObjectName(QStringLiteral("eventComplaints"));
    m_complaints->setWordWrap(true);
    column->addWidget(m_complaints);
    m_data = new QPlainTextEdit;
    m_data->setObjectName(QStringLiteral("eventData"));
    m_data->setAccessibleName(tr("Data of the event"));
    m_data->setFont(Theme::monoFont());
    m_data->setReadOnly(true);
    m_data->setTabChangesFocus(true);
    m_data->setFixedHeight(QFontMetrics(m_data->font()).lineSpacing() * DataLines + 16);
    column->addWidget(m_data);
    auto* row = new QHBoxLayout;
    auto* open = new QPushButton(tr("Open key"));
    open->setObjectName(QStringLiteral("openEventKey"));
    auto* copy = new QPushButton(tr("Copy data"));
    copy->setObjectName(QStringLiteral("copyEventData"));
    row->addWidget(open);
    row->addWidget(copy);
    row->addStretch(1);
    column->addLayout(row);
    connect(open, &QPushButton::clicked, this, [this] {
        if (m_shown)
            Q_EMIT keyActivated(models::toQt(m_shown->key()));
    });
    connect(copy, &QPushButton::clicked, this, [this] {
        if (m_shown)
            QApplication::clipboard()->setText(QString::fromStdString(m_shown->data));
    });
    return m_eventBox;
}

QWidget* EventInspector::makeBank()
{
    m_bank = new QWidget;
    auto* row = new FlowLayout(6, 6);
    m_bank->setLayout(row);
    m_amount = new QDoubleSpinBox;
    m_amount->setObjectName(QStringLiteral("bankAmount"));
    m_amount->setAccessibleName(tr("Amount"));
    m_amount->setRange(0.01, 1e12);
    m_amount->setValue(10);
    m_amount->setMaximumWidth(110);
    row->addWidget(m_amount);
    const auto button = [this, row](const QString& text, const char* name, auto act) {
        auto* made = new QPushButton(text);
        made->setObjectName(QString::fromLatin1(name));
        made->setToolTip(tr("Checks the balance first, as the document's account does"));
        row->addWidget(made);
        connect(made, &QPushButton::clicked, this, [this, act] {
            if (const auto& stream = m_feed.opened().stream)
                act(stream->aggregate);
        });
    };
    button(tr("Open account"), "bankOpen",
        [this](const client::Bytes& account) { m_feed.openAccount(account); });
    button(tr("Deposit"), "bankDeposit",
        [this](const client::Bytes& account) { m_feed.deposit(account, m_amount->value()); });
    button(tr("Withdraw"), "bankWithdraw",
        [this](const client::Bytes& account) { m_feed.withdraw(account, m_amount->value()); });
    return m_bank;
}

void EventInspector::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    refresh();
}

void EventInspector::setRange(quint64 first, quint64 last)
{
    m_first = first;
    m_last = last;
    m_export->setText(last == 0 ? tr("Export") : tr("Export %1–%2").arg(first).arg(last));
}

void EventInspector::keep(const client::Finding& finding)
{
    const EpochMs now = m_feed.nowMs();
    std::erase_if(m_told, [now](const auto& each) { return each.second.atMs + StandsMs < now; });
    m_told[{finding.key, finding.rule}] = {finding, now};
    if (isVisible())
        refreshStream();
}

QString EventInspector::trouble() const
{
    const auto& row = m_feed.opened().row;
    if (!row || row->wrong.empty())
        return {};
    QStringList lines;
    for (const auto& [key, told] : m_told) {
        if (told.finding.subject == row->stream.aggregate)
            lines << QStringLiteral("%1: %2").arg(
                QString::fromStdString(told.finding.rule), models::shown(told.finding.evidence, 400));
    }
    if (lines.isEmpty()) { // judged just now, and not yet told
        for (const QString& rule : QString::fromStdString(row->wrong).split(QLatin1Char(' ')))
            lines << QStringLiteral("%1: %2").arg(
                rule, QString::fromStdString(std::string(client::ruleTitle(rule.toStdString()))));
    }
    return lines.join(QLatin1Char('\n'));
}

void EventInspector::refresh()
{
    refreshStream();
    refreshEvent();
}

void EventInspector::refreshStream()
{
    const auto& opened = m_feed.opened();
    const bool none = !opened.stream;
    m_name->setText(none ? tr("No aggregate opened") : models::shown(opened.stream->aggregate));
    const QString wrong = trouble();
    m_trouble->setText(wrong);
    m_trouble->setVisible(!wrong.isEmpty());
    m_streamFacts->setVisible(!none && opened.row);
    m_layout->setVisible(!none);
    m_layout->setText(none ? QString() : models::layoutText(opened.stream->layout));
    m_export->setVisible(!none);
    m_export->setEnabled(!opened.loading && !opened.all->empty());
    m_appendTitle->setVisible(!none);
    m_append->setVisible(!none);
    m_append->setTypes(m_feed.types());
    m_append->setRefusal(!none && opened.stream->layout == client::EventLayout::Sequence
            ? tr("Java's values are laid down nowhere, so none is written here.")
            : QString());
    const auto& reducer = opened.replay.reducer();
    m_bank->setVisible(!none && opened.stream->layout == client::EventLayout::Document && reducer
        && reducer->name() == "bank");
    if (none || !opened.row)
        return;
    const auto& row = *opened.row;
    std::vector<KeyValueRow> facts{{tr("Events"), models::grouped(row.events)}};
    if (row.stream.hasMeta())
        facts.push_back({tr("Version in its meta"), row.meta ? models::grouped(*row.meta) : tr("none")});
    facts.push_back({tr("First"), timeText(row.firstMs)});
    facts.push_back({tr("Newest"), timeText(row.lastMs)});
    if (!row.gaps.empty())
        facts.push_back({tr("Missing"), models::gapsText(row.gaps)});
    m_streamFacts->setRows(facts);
}

void EventInspector::refreshEvent()
{
    const auto& event = m_feed.selectedEvent();
    m_eventBox->setVisible(event != nullptr);
    if (!event || event == m_shown)
        return;
    m_shown = event;
    m_eventTitle->setTitle(tr("Version %1").arg(event->number));
    std::vector<KeyValueRow> facts{
        {tr("Type"), event->type.empty() ? tr("none") : models::shown(event->type, 28)},
        {tr("Time"), timeText(event->timeMs())}};
    if (event->namedAggregate && *event->namedAggregate != event->stream.aggregate)
        facts.push_back({tr("Says it belongs to"), models::shown(*event->namedAggregate, 20)});
    if (event->namedNumber && *event->namedNumber != static_cast<std::int64_t>(event->number))
        facts.push_back({tr("Says its version is"), QString::number(*event->namedNumber)});
    if (!event->metadata.empty())
        facts.push_back({tr("Metadata"), models::shown(event->metadata, 24)});
    facts.push_back({tr("Size"), tr("%1 bytes").arg(models::grouped(event->valueSize))});
    m_eventFacts->setRows(facts);
    m_id->setText(tr("Id %1").arg(models::shown(event->id, 60)));
    m_id->setVisible(!event->id.empty());
    QStringList complaints;
    for (const auto& complaint : event->complaints)
        complaints << models::shown(complaint);
    m_complaints->setText(complaints.join(QLatin1Char('\n')));
    m_complaints->setVisible(!complaints.isEmpty());
    m_data->setPlainText(prettyData(event->data));
}

void EventInspector::exportAs(EventFormat format, bool toFile)
{
    if (!m_feed.opened().stream)
        return;
    EventFeed::Range range;
    if (m_last > 0)
        range = {m_first, m_last};
    if (!toFile) {
        m_feed.exportText(models::EventSide::Main, format, range);
        return;
    }
    const auto suffix = models::fileSuffix(format);
    const QString file = QFileDialog::getSaveFileName(this, tr("Export events"),
        QStringLiteral("events.") + QString::fromLatin1(suffix.data(), qsizetype(suffix.size())));
    if (!file.isEmpty())
        m_feed.exportFile(models::EventSide::Main, format, range, file);
}

} // namespace norikv::widgets
