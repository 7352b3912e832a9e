// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/ratelimitinspector.h"

#include "models/sessionmodel.h"
#include "models/text.h"
#include "widgets/elidedlabel.h"
#include "widgets/flowlayout.h"
#include "widgets/keyvaluelist.h"
#include "widgets/plaintext.h"
#include "widgets/sectionheader.h"

#include <QDateTime>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace norikv::widgets {

using models::RateLimitFeed;

namespace {

QString moment(EpochMs ms)
{
    return QDateTime::fromMSecsSinceEpoch(ms).toString(QStringLiteral("yyyy-MM-dd HH:mm:ss"));
}

QString say(const char* text) { return RateLimitInspector::tr(text); }

QString limitSource(const client::KnownLimit& limit, bool setHere)
{
    if (!limit.declared)
        return say("assumed: none is declared");
    const QString prefix = limit.prefix.empty() ? say("any") : models::shown(limit.prefix, 40);
    return setHere ? say("set here for %1").arg(prefix) : say("profile, for %1").arg(prefix);
}

std::vector<KeyValueRow> facts(const models::RateLimitRow& row, bool limitSetHere, EpochMs now)
{
    std::vector<KeyValueRow> rows;
    const auto& record = row.reading.record;
    rows.push_back({say("Limit"), models::limitText(row.reading.limit.limit)});
    rows.push_back({say("Limit known from"), limitSource(row.reading.limit, limitSetHere)});
    if (record) {
        const auto state = row.reading.state(now);
        rows.push_back({say("Used now"), models::grouped(state.used)});
        rows.push_back({say("Remaining"), models::grouped(state.remaining)});
        rows.push_back({say("Resets in"),
            state.used == 0 ? say("nothing counts")
                            : models::countdownText(std::max<EpochMs>(0, state.resetAtMs - now) + 999)});
        if (record->shape == client::LimitShape::Times)
            rows.push_back({say("Times stored"), models::grouped(record->count)});
        if (record->newestMs)
            rows.push_back({say("Newest request"), moment(*record->newestMs)});
        if (record->startMs)
            rows.push_back({say("Window began"), moment(*record->startMs)});
    }
    rows.push_back({say("Key ends in"), models::endText(row.reading.expiry, now)});
    rows.push_back({say("End known from"), models::sourceText(row.reading.expiry)});
    if (record) {
        rows.push_back({say("Written as by"),
            say("a %1 client").arg(QString::fromLatin1(client::name(record->dialect).data()))});
    }
    return rows;
}

} // namespace

RateLimitInspector::RateLimitInspector(RateLimitFeed& feed, const Theme&, QWidget* parent)
    : QWidget(parent)
    , m_feed(feed)
{
    setObjectName(QStringLiteral("rateLimitInspector"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(16, 12, 16, 12);
    column->setSpacing(8);
    m_name = new ElidedLabel(QString(), Qt::ElideMiddle);
    setStyleRole(m_name, "cardTitle");
    column->addWidget(m_name);
    m_trouble = makeLabel(QString());
    m_trouble->setWordWrap(true);
    m_trouble->setObjectName(QStringLiteral("rateLimitTrouble"));
    column->addWidget(m_trouble);
    m_body = new QWidget;
    auto* body = new QVBoxLayout(m_body);
    body->setContentsMargins(0, 0, 0, 0);
    body->setSpacing(8);
    m_next = makeLabel(QString());
    m_next->setObjectName(QStringLiteral("nextRequest"));
    m_next->setWordWrap(true);
    body->addWidget(m_next);
    m_facts = new KeyValueList;
    body->addWidget(m_facts);
    const auto button = [](QLayout* where, const QString& text, const char* name, const QString& tip) {
        auto* made = new QPushButton(text);
        made->setObjectName(QString::fromLatin1(name));
        made->setToolTip(tip);
        where->addWidget(made);
        return made;
    };
    auto* looks = new QWidget;
    auto* flow = new FlowLayout(8, 8);
    looks->setLayout(flow);
    auto* open = button(flow, tr("Open key"), "openRateLimit", tr("The stored bytes, in the key inspector"));
    auto* limit = button(flow, tr("Set its limit…"), "editLimit",
        tr("What its prefix is held to; nothing is written to the store"));
    body->addWidget(looks);
    body->addWidget(new SectionHeader(tr("Change")));
    auto* changes = new QWidget;
    auto* second = new FlowLayout(8, 8);
    changes->setLayout(second);
    m_check = button(second, tr("Check: counts a request"), "checkLimit",
        tr("Asks as a client would: it writes the request down, unless it is refused"));
    auto* reset
        = button(second, tr("Reset"), "resetLimit", tr("Forgets all its requests: the next one passes"));
    setStyleRole(reset, "danger");
    body->addWidget(changes);
    column->addWidget(m_body);
    column->addStretch(1);

    connect(open, &QPushButton::clicked, this, [this] { Q_EMIT keyActivated(models::toQt(m_shown)); });
    connect(
        limit, &QPushButton::clicked, this, [this] { Q_EMIT limitRequested(models::toQt(identifier())); });
    connect(m_check, &QPushButton::clicked, this, [this] { m_feed.checkLimit(identifier()); });
    connect(reset, &QPushButton::clicked, this, [this] { m_feed.reset(m_shown); });
    const auto visible = [this] {
        if (isVisible())
            refresh();
    };
    connect(&feed, &RateLimitFeed::changed, this, visible);
    m_tick.setInterval(1000);
    connect(&m_tick, &QTimer::timeout, this, visible);
    m_tick.start();
    refresh();
}

void RateLimitInspector::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    refresh();
}

void RateLimitInspector::refresh()
{
    const auto& row = m_feed.selectedRow();
    m_body->setVisible(row.has_value());
    m_trouble->setVisible(false);
    if (!row) {
        m_name->setText(m_feed.selected().empty() ? tr("No identifier chosen")
                                                  : tr("Nothing of it counts: its key is not there"));
        return;
    }
    const EpochMs now = m_feed.nowMs();
    const auto& record = row->reading.record;
    m_shown = row->key;
    m_name->setText(models::shown(identifier()));
    QStringList wrong;
    bool overwritten = row->wrong.starts_with("R1");
    for (const auto& finding : client::judgeRateLimit(row->reading, now)) {
        wrong << QStringLiteral("%1: %2").arg(
            QString::fromStdString(finding.rule), QString::fromStdString(finding.evidence));
        overwritten = overwritten && finding.rule != "R1";
    }
    if (overwritten)
        wrong.prepend(tr("R1: more requests were let in than the list holds; the findings tell how many."));
    if (!record)
        wrong << tr("It cannot be read as a rate limit: %1.")
                     .arg(QString::fromStdString(row->reading.unreadable));
    else
        for (const auto& complaint : record->complaints)
            wrong << models::shown(complaint);
    m_trouble->setText(wrong.join(QLatin1Char('\n')));
    m_trouble->setVisible(!wrong.isEmpty());
    m_next->setText(record ? models::nextSentence(row->reading.state(now), now) : QString());
    m_next->setVisible(record.has_value());
    m_facts->setRows(facts(*row, m_feed.setHere(row->reading.limit.prefix), now));
    const bool bucket = record && record->shape == client::LimitShape::Bucket;
    m_check->setEnabled(record && !bucket);
    m_check->setToolTip(bucket
            ? tr("A Go client's bucket: only Go clients count in it")
            : tr("Asks as a client would: it writes the request down, unless it is refused"));
}

} // namespace norikv::widgets
