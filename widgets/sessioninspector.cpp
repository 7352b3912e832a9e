// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/sessioninspector.h"

#include "models/text.h"
#include "widgets/elidedlabel.h"
#include "widgets/flowlayout.h"
#include "widgets/keyvaluelist.h"
#include "widgets/plaintext.h"
#include "widgets/sectionheader.h"

#include <QDateTime>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace norikv::widgets {

using models::SessionFeed;

namespace {

QString rolesText(const client::SessionRecord& record)
{
    QStringList roles;
    for (const auto& role : record.roles)
        roles << QString::fromStdString(role);
    return roles.join(QStringLiteral(", "));
}

QString moment(std::optional<client::StoredTime> time)
{
    return time ? QDateTime::fromMSecsSinceEpoch(time->ms).toString(QStringLiteral("yyyy-MM-dd HH:mm:ss"))
                : SessionInspector::tr("not told");
}

} // namespace

SessionInspector::SessionInspector(SessionFeed& feed, const Theme&, QWidget* parent)
    : QWidget(parent)
    , m_feed(feed)
{
    setObjectName(QStringLiteral("sessionInspector"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(16, 12, 16, 12);
    column->setSpacing(8);
    m_name = new ElidedLabel(QString(), Qt::ElideMiddle);
    setStyleRole(m_name, "cardTitle");
    column->addWidget(m_name);
    m_trouble = makeLabel(QString());
    m_trouble->setWordWrap(true);
    m_trouble->setObjectName(QStringLiteral("sessionTrouble"));
    column->addWidget(m_trouble);
    m_body = new QWidget;
    auto* body = new QVBoxLayout(m_body);
    body->setContentsMargins(0, 0, 0, 0);
    body->setSpacing(8);
    m_facts = new KeyValueList;
    body->addWidget(m_facts);
    auto* looks = new QWidget;
    auto* flow = new FlowLayout(8, 8);
    looks->setLayout(flow);
    const auto button = [&](const QString& text, const char* name, const QString& tip) {
        auto* made = new QPushButton(text);
        made->setObjectName(QString::fromLatin1(name));
        made->setToolTip(tip);
        flow->addWidget(made);
        return made;
    };
    auto* open = button(tr("Open key"), "openSession", tr("The stored bytes, in the key inspector"));
    auto* probe = button(tr("Truth probe"), "probeSession",
        tr("One read, and what it means: expired, renewed or immortal. Nothing is written"));
    auto* validate = button(tr("Validate"), "validateSession", tr("Does it exist? Nothing is written"));
    body->addWidget(looks);

    body->addWidget(new SectionHeader(tr("Change")));
    auto* row = new QHBoxLayout;
    m_roles = new QLineEdit;
    m_roles->setObjectName(QStringLiteral("sessionRoles"));
    m_roles->setAccessibleName(tr("Roles, separated by commas"));
    m_roles->setPlaceholderText(tr("Roles, separated by commas"));
    m_applyRoles = new QPushButton(tr("Set roles"));
    m_applyRoles->setObjectName(QStringLiteral("applyRoles"));
    row->addWidget(m_roles, 1);
    row->addWidget(m_applyRoles);
    body->addLayout(row);
    m_touch = new QPushButton;
    m_touch->setObjectName(QStringLiteral("touchSession"));
    body->addWidget(m_touch, 0, Qt::AlignLeft);
    auto* ends = new QWidget;
    auto* endings = new FlowLayout(8, 8);
    ends->setLayout(endings);
    auto* destroy = new QPushButton(tr("Destroy"));
    destroy->setObjectName(QStringLiteral("destroySession"));
    setStyleRole(destroy, "danger");
    m_revoke = new QPushButton(tr("Revoke all of this user…"));
    m_revoke->setObjectName(QStringLiteral("revokeUser"));
    endings->addWidget(destroy);
    endings->addWidget(m_revoke);
    body->addWidget(ends);
    column->addWidget(m_body);
    column->addStretch(1);

    connect(open, &QPushButton::clicked, this, [this] { Q_EMIT keyActivated(models::toQt(m_shown)); });
    connect(probe, &QPushButton::clicked, this, [this] { m_feed.probe(m_shown); });
    connect(validate, &QPushButton::clicked, this, [this] { m_feed.validate(m_shown); });
    connect(m_touch, &QPushButton::clicked, this, [this] { m_feed.touch(m_shown); });
    connect(destroy, &QPushButton::clicked, this, [this] { m_feed.destroy(m_shown); });
    connect(m_roles, &QLineEdit::textChanged, this,
        [this](const QString& text) { m_applyRoles->setEnabled(text != m_storedRoles); });
    const auto apply = [this] {
        std::vector<std::string> roles;
        for (const QString& role : m_roles->text().split(QLatin1Char(','), Qt::SkipEmptyParts))
            roles.push_back(role.trimmed().toStdString());
        m_feed.setRoles(m_shown, roles);
    };
    connect(m_applyRoles, &QPushButton::clicked, this, apply);
    connect(m_roles, &QLineEdit::returnPressed, this, apply);
    connect(m_revoke, &QPushButton::clicked, this, [this] {
        if (const auto& selected = m_feed.selectedRow(); selected && selected->reading.record)
            m_feed.planRevoke(QString::fromStdString(selected->reading.record->userId));
    });
    const auto visible = [this] {
        if (isVisible())
            refresh();
    };
    connect(&feed, &SessionFeed::changed, this, visible);
    m_tick.setInterval(1000);
    connect(&m_tick, &QTimer::timeout, this, visible);
    m_tick.start();
    refresh();
}

void SessionInspector::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    refresh();
}

void SessionInspector::refresh()
{
    const auto& row = m_feed.selectedRow();
    m_body->setVisible(row.has_value());
    m_trouble->setVisible(false);
    if (!row) {
        m_name->setText(
            m_feed.selected().empty() ? tr("No session chosen") : tr("This session is not there"));
        return;
    }
    const EpochMs now = m_feed.nowMs();
    const auto& record = row->reading.record;
    m_name->setText(models::shown(client::sessionOf(row->key).value_or(row->key)));
    QStringList wrong;
    for (const auto& finding : client::judgeSession(row->reading, now))
        wrong << QStringLiteral("%1: %2").arg(
            QString::fromStdString(finding.rule), QString::fromStdString(finding.evidence));
    if (!record)
        wrong
            << tr("It cannot be read as a session: %1.").arg(QString::fromStdString(row->reading.unreadable));
    else
        for (const auto& complaint : record->complaints)
            wrong << models::shown(complaint);
    m_trouble->setText(wrong.join(QLatin1Char('\n')));
    m_trouble->setVisible(!wrong.isEmpty());
    std::vector<KeyValueRow> rows;
    if (record) {
        rows.push_back({tr("User"), models::shown(record->userId, 64)});
        if (!record->email.empty())
            rows.push_back({tr("E-mail"), models::shown(record->email, 64)});
        rows.push_back({tr("Created"), moment(record->createdAt)});
        rows.push_back({tr("Last seen"), moment(record->lastAccessedAt)});
    }
    rows.push_back({tr("Ends in"), models::endText(row->reading.expiry, now)});
    rows.push_back({tr("Known from"), models::sourceText(row->reading.expiry)});
    if (record)
        rows.push_back({tr("Written as by"),
            tr("a %1 client").arg(QString::fromLatin1(client::name(record->dialect).data()))});
    m_facts->setRows(rows);
    m_touch->setText(
        tr("Touch: sets the time left to %1").arg(models::countdownText(EpochMs(m_feed.ttlMs()))));
    m_revoke->setEnabled(record && !record->userId.empty());
    const QString roles = record ? rolesText(*record) : QString();
    if (m_shown != row->key || (m_roles->text() == m_storedRoles && roles != m_storedRoles)) {
        m_storedRoles = roles;
        m_roles->setText(roles);
    }
    m_storedRoles = roles;
    m_applyRoles->setEnabled(m_roles->text() != m_storedRoles);
    m_roles->setEnabled(record.has_value());
    m_shown = row->key;
}

} // namespace norikv::widgets
