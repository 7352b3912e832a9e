// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/limitseditor.h"

#include "models/text.h"
#include "widgets/flowlayout.h"
#include "widgets/plaintext.h"
#include "widgets/tables.h"

#include <QDoubleSpinBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QTableWidget>
#include <QVBoxLayout>

#include <cmath>

namespace norikv::widgets {

namespace {
constexpr int TableHeight = 132;
constexpr double LongestSeconds = 366.0 * 24 * 3600;
} // namespace

LimitsEditor::LimitsEditor(models::RateLimitFeed& feed, QWidget* parent)
    : QFrame(parent)
    , m_feed(feed)
{
    setObjectName(QStringLiteral("limitsEditor"));
    setStyleRole(this, "card");
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(12, 10, 12, 10);
    column->setSpacing(8);
    auto* words = makeLabel(tr("Keys do not tell their limit. Each identifier is held to the longest prefix "
                               "that fits, else to 100 in 1 min."),
        "muted");
    words->setWordWrap(true);
    column->addWidget(words);
    m_table = new QTableWidget(0, 3);
    m_table->setHorizontalHeaderLabels({tr("prefix"), tr("limit"), tr("known from")});
    styleTable(*m_table);
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setAccessibleName(tr("Limits by prefix"));
    m_table->horizontalHeader()->setSectionResizeMode(0, QHeaderView::Stretch);
    m_table->horizontalHeader()->resizeSection(1, 150);
    m_table->horizontalHeader()->resizeSection(2, 110);
    m_table->setFixedHeight(TableHeight);
    column->addWidget(m_table);
    auto* row = new QHBoxLayout;
    row->setSpacing(8);
    m_prefix = new QLineEdit;
    m_prefix->setObjectName(QStringLiteral("limitPrefix"));
    m_prefix->setPlaceholderText(tr("Prefix, e.g. api:"));
    m_prefix->setAccessibleName(tr("Prefix of the identifier"));
    m_most = new QSpinBox;
    m_most->setObjectName(QStringLiteral("limitMost"));
    m_most->setRange(1, 1'000'000);
    m_most->setValue(100);
    m_most->setAccessibleName(tr("Requests"));
    m_window = new QDoubleSpinBox;
    m_window->setObjectName(QStringLiteral("limitWindow"));
    m_window->setDecimals(3);
    m_window->setRange(0.001, LongestSeconds);
    m_window->setValue(60);
    m_window->setSuffix(tr(" s"));
    m_window->setAccessibleName(tr("Length of the window in seconds"));
    m_apply = new QPushButton(tr("Set limit"));
    m_apply->setObjectName(QStringLiteral("setLimit"));
    setStyleRole(m_apply, "primary");
    m_forget = new QPushButton(tr("Forget"));
    m_forget->setObjectName(QStringLiteral("forgetLimit"));
    m_forget->setToolTip(tr("What was set here for this prefix; the profile's own stays"));
    row->addWidget(m_prefix, 1);
    row->addWidget(m_most);
    row->addWidget(makeLabel(tr("in"), "muted"));
    row->addWidget(m_window);
    row->addWidget(m_apply);
    row->addWidget(m_forget);
    column->addLayout(row);

    connect(m_table, &QTableWidget::currentCellChanged, this, [this](int current) { choose(current); });
    connect(m_apply, &QPushButton::clicked, this, &LimitsEditor::apply);
    connect(m_prefix, &QLineEdit::returnPressed, this, &LimitsEditor::apply);
    connect(m_prefix, &QLineEdit::textChanged, this, &LimitsEditor::refresh);
    connect(m_forget, &QPushButton::clicked, this, [this] {
        if (const auto prefix = client::fromPrintable(m_prefix->text().toStdString()))
            m_feed.forgetLimit(*prefix);
    });
    connect(&feed, &models::RateLimitFeed::limitsChanged, this, &LimitsEditor::refresh);
    refresh();
}

void LimitsEditor::refresh()
{
    const QSignalBlocker quiet(m_table);
    m_table->setRowCount(int(m_feed.limits().size()));
    const auto typed = client::fromPrintable(m_prefix->text().toStdString());
    int row = 0;
    int current = -1;
    for (const auto& [prefix, limit] : m_feed.limits()) {
        const QString name = prefix.empty() ? tr("(any)") : models::shown(prefix);
        const QString from = m_feed.setHere(prefix) ? tr("set here") : tr("profile");
        for (int at = 0; const QString& text : {name, models::limitText(limit), from}) {
            auto* item = new QTableWidgetItem(text);
            item->setData(Qt::UserRole, models::toQt(prefix));
            m_table->setItem(row, at++, item);
        }
        if (typed && *typed == prefix)
            current = row;
        ++row;
    }
    m_table->setCurrentCell(current, 0);
    m_apply->setEnabled(typed.has_value());
    m_forget->setEnabled(typed && m_feed.setHere(*typed));
}

void LimitsEditor::choose(int row)
{
    const auto* item = row < 0 ? nullptr : m_table->item(row, 0);
    if (!item)
        return;
    const client::Bytes prefix = models::fromQt(item->data(Qt::UserRole).toByteArray());
    if (const auto found = m_feed.limits().find(prefix); found != m_feed.limits().end())
        fill(prefix, found->second);
}

void LimitsEditor::fill(const client::Bytes& prefix, const client::RateLimit& limit)
{
    m_most->setValue(int(limit.maxRequests));
    m_window->setValue(double(limit.windowMs) / 1000);
    m_prefix->setText(QString::fromStdString(client::printable(prefix)));
}

void LimitsEditor::edit(const client::Bytes& identifier)
{
    const auto known = client::limitFor(m_feed.limits(), identifier);
    // What stands before the first colon is what most programs tell kinds of callers apart by.
    const auto colon = identifier.find(':');
    fill(known.declared                    ? known.prefix
            : colon == client::Bytes::npos ? identifier
                                           : identifier.substr(0, colon + 1),
        known.limit);
    m_most->setFocus();
}

void LimitsEditor::apply()
{
    const auto prefix = client::fromPrintable(m_prefix->text().toStdString());
    if (!prefix)
        return;
    const auto window = static_cast<std::uint64_t>(std::llround(m_window->value() * 1000));
    m_feed.setLimit(*prefix, {static_cast<std::uint32_t>(m_most->value()), window});
}

} // namespace norikv::widgets
