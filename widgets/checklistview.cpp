// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/checklistview.h"

#include "widgets/elidedlabel.h"
#include "widgets/icons.h"
#include "widgets/plaintext.h"
#include "widgets/tabular.h"

#include <QGridLayout>
#include <QLocale>
#include <QVBoxLayout>

#include <algorithm>

using namespace Qt::Literals::StringLiterals;

namespace norikv::widgets {

namespace {

constexpr int iconSide = 16;

struct Look {
    Tone tone;
    QString iconId;
    QString word;
};

Look lookOf(client::CheckState state)
{
    using client::CheckState;
    switch (state) {
    case CheckState::Ok:
        return {Tone::Ok, u"check"_s, ChecklistView::tr("ok")};
    case CheckState::Absent:
        return {Tone::Neutral, u"minus"_s, ChecklistView::tr("not offered")};
    case CheckState::Refused:
        return {Tone::Warning, u"lock"_s, ChecklistView::tr("refused")};
    case CheckState::Failed:
        return {Tone::Danger, u"error"_s, ChecklistView::tr("failed")};
    case CheckState::Skipped:
        break;
    }
    return {Tone::Neutral, u"more"_s, ChecklistView::tr("skipped")};
}

QString took(double ms)
{
    return ChecklistView::tr("%1 ms").arg(QLocale().toString(ms, 'f', ms < 10 ? 1 : 0));
}

} // namespace

/// Icon, name over explanation, word over time.
class ChecklistView::Row : public QFrame {
public:
    Row(const Theme& theme, QString id, const QString& name, const QString& about, QWidget* parent)
        : QFrame(parent)
        , m_theme(theme)
        , m_id(std::move(id))
        , m_name(name)
        , m_about(about)
        , m_icon(makeLabel(QString()))
        , m_detail(new ElidedLabel)
        , m_word(makeLabel(QString()))
        , m_time(new TabularLabel)
    {
        setProperty("role", u"row"_s);
        m_detail->setProperty("role", u"caption"_s);
        m_time->setProperty("role", u"caption"_s);
        m_icon->setFixedSize(iconSide, iconSide);
        auto* grid = new QGridLayout(this);
        grid->setContentsMargins(0, 5, 0, 6);
        grid->setHorizontalSpacing(10);
        grid->setVerticalSpacing(1);
        grid->setColumnStretch(1, 1);
        grid->addWidget(m_icon, 0, 0, 2, 1, Qt::AlignVCenter);
        auto* title = new ElidedLabel(name);
        grid->addWidget(title, 0, 1);
        grid->addWidget(m_detail, 1, 1);
        grid->addWidget(m_word, 0, 2, Qt::AlignRight);
        grid->addWidget(m_time, 1, 2, Qt::AlignRight);
        connect(&theme, &Theme::changed, this, [this] { restyle(); });
    }

    const QString& id() const { return m_id; }
    QString word() const { return m_word->text(); }
    QString detail() const { return m_detail->text(); }
    bool isDone() const { return m_done; }

    void setDone(const Look& look, const QString& detail, const QString& time)
    {
        m_done = true;
        show(look, detail.isEmpty() ? m_about : detail, time);
    }
    void setOpen(const Look& look, const QString& time = {})
    {
        m_done = false;
        show(look, m_about, time);
    }
    void setTime(const QString& time) { m_time->setText(time); }

private:
    void show(const Look& look, const QString& detail, const QString& time)
    {
        m_look = look;
        m_word->setText(look.word);
        m_detail->setText(detail);
        m_time->setText(time);
        setAccessibleName(QStringList{m_name, look.word, m_detail->text(), time}.join(u' ').simplified());
        restyle();
    }
    void restyle()
    {
        const ToneColors colors = m_theme.tokens().tone(m_look.tone);
        m_icon->setPixmap(iconPixmap(m_look.iconId, colors.text, iconSide, devicePixelRatioF()));
        QPalette p = m_word->palette();
        p.setColor(QPalette::WindowText, colors.text);
        m_word->setPalette(p);
    }

    const Theme& m_theme;
    const QString m_id;
    const QString m_name;
    const QString m_about;
    Look m_look{};
    bool m_done = false;
    QLabel* m_icon;
    ElidedLabel* m_detail;
    QLabel* m_word;
    TabularLabel* m_time;
};

ChecklistView::ChecklistView(const Theme& theme, QWidget* parent)
    : QWidget(parent)
    , m_theme(theme)
    , m_column(new QVBoxLayout(this))
{
    m_column->setContentsMargins(0, 0, 0, 0);
    m_column->setSpacing(0);
    add(u"connect"_s, tr("Connection"), tr("does a NoriKV answer there?"));
    add(u"kv"_s, tr("Key-value calls"), tr("reads one key, opens at most one shard"));
    add(u"meta"_s, tr("Cluster view"), tr("nodes and the shards they hold"));
    add(u"explore"_s, tr("Listing keys"), tr("else only known keys are shown"));
    add(u"explore.watch"_s, tr("Following changes"), tr("else changes are polled"));
    add(u"vector"_s, tr("Vector search"), tr("indexes on the server"));
    add(u"admin.snapshot"_s, tr("Snapshots"), tr("asked for a shard that cannot exist"));
    add(u"admin.transfer"_s, tr("Shard transfer"), tr("asked for a shard that cannot exist"));
    add(u"http.health"_s, tr("Health over HTTP"), tr("terms and shards of a node"));
    add(u"http.metrics"_s, tr("Metrics over HTTP"), tr("counters of a node"));
    add(u"faults"_s, tr("Faults on demand"), tr("only a sandbox offers them"));
    m_tick.setInterval(100);
    connect(&m_tick, &QTimer::timeout, this, &ChecklistView::tick);
    setAccessibleName(tr("What this server offers"));
    clear();
}

ChecklistView::Row* ChecklistView::add(const QString& id, const QString& name, const QString& about)
{
    auto* row = new Row(m_theme, id, name, about, this);
    m_column->addWidget(row);
    m_rows.push_back(row);
    return row;
}

ChecklistView::Row* ChecklistView::find(const QString& id) const
{
    const auto found = std::ranges::find_if(m_rows, [&](const Row* row) { return row->id() == id; });
    return found == m_rows.end() ? nullptr : *found;
}

void ChecklistView::clear()
{
    m_running = false;
    m_asked = nullptr;
    m_tick.stop();
    for (Row* row : m_rows)
        row->setOpen({Tone::Neutral, u"dot"_s, QString()});
}

void ChecklistView::start()
{
    for (Row* row : m_rows)
        row->setOpen({Tone::Neutral, u"time"_s, tr("waiting")});
    m_running = true;
    m_tick.start();
    askNext();
}

void ChecklistView::askNext()
{
    const auto next = std::ranges::find_if(m_rows, [](const Row* row) { return !row->isDone(); });
    m_asked = next == m_rows.end() ? nullptr : *next;
    m_since.start();
    if (m_asked)
        m_asked->setOpen({Tone::Info, u"refresh"_s, tr("asking")}, u"0.0 s"_s);
}

void ChecklistView::tick()
{
    if (m_asked)
        m_asked->setTime(tr("%1 s").arg(QLocale().toString(double(m_since.elapsed()) / 1000, 'f', 1)));
}

void ChecklistView::showCheck(const client::Check& check)
{
    const QString id = clippedLine(QString::fromStdString(check.id));
    Row* row = find(id);
    if (row == nullptr)
        row = add(id, id, QString());
    const bool timed = check.ms > 0;
    row->setDone(
        lookOf(check.state), QString::fromStdString(check.detail), timed ? took(check.ms) : QString());
    if (m_running && (m_asked == nullptr || m_asked->isDone()))
        askNext();
}

void ChecklistView::finish()
{
    m_running = false;
    m_asked = nullptr;
    m_tick.stop();
    for (Row* row : m_rows) {
        if (!row->isDone())
            row->setDone({Tone::Neutral, u"more"_s, tr("not asked")}, QString(), QString());
    }
}

QString ChecklistView::stateText(const QString& id) const
{
    const Row* row = find(id);
    return row ? row->word() : QString();
}

QString ChecklistView::detailText(const QString& id) const
{
    const Row* row = find(id);
    return row ? row->detail() : QString();
}

} // namespace norikv::widgets
