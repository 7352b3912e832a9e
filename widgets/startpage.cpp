// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/startpage.h"

#include "widgets/choicecard.h"
#include "widgets/icons.h"
#include "widgets/plaintext.h"
#include "widgets/recentrow.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QScrollArea>
#include <QShowEvent>
#include <QVBoxLayout>

#include <algorithm>

using namespace Qt::Literals::StringLiterals;

namespace norikv::widgets {

namespace {
constexpr int columnWidth = 1040;
constexpr int logoSide = 56;
constexpr std::size_t mostRecent = 5;
} // namespace

StartPage::StartPage(const Theme& theme, QWidget* parent)
    : QWidget(parent)
    , m_theme(theme)
    , m_recent(new QFrame)
    , m_recentRows(new QVBoxLayout)
{
    auto* recent = new QVBoxLayout(m_recent);
    recent->setContentsMargins(4, 0, 4, 0);
    recent->setSpacing(8);
    recent->addWidget(makeLabel(tr("Recent connections"), "section"));
    auto* card = new QFrame;
    card->setProperty("role", u"card"_s);
    m_recentRows->setContentsMargins(5, 5, 5, 5);
    m_recentRows->setSpacing(0);
    card->setLayout(m_recentRows);
    recent->addWidget(card);

    auto* content = new QWidget;
    content->setMaximumWidth(columnWidth);
    auto* column = new QVBoxLayout(content);
    column->setContentsMargins(24, 24, 24, 24);
    column->setSpacing(0);
    column->addStretch(2);
    column->addWidget(heading());
    column->addSpacing(32);
    column->addWidget(choices());
    column->addSpacing(28);
    column->addWidget(m_recent);
    column->addSpacing(24);
    column->addWidget(promise());
    column->addStretch(3);

    // The column stays in the middle, and scrolls when the window is too low for it.
    auto* inside = new QWidget;
    auto* middle = new QHBoxLayout(inside);
    middle->setContentsMargins(0, 0, 0, 0);
    middle->addStretch(1);
    middle->addWidget(content, 100);
    middle->addStretch(1);
    auto* area = new QScrollArea;
    area->setFrameShape(QFrame::NoFrame);
    area->setWidgetResizable(true);
    area->setFocusPolicy(Qt::NoFocus);
    area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    area->setWidget(inside);
    auto* all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->addWidget(area);
    setFocusProxy(m_demo);
    setRecent({});
}

QWidget* StartPage::heading()
{
    auto* box = new QWidget;
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(6);
    auto* logo = makeLabel(QString());
    logo->setPixmap(applicationIcon().pixmap(QSize(logoSide, logoSide), devicePixelRatioF()));
    auto* name = makeLabel(tr("NoriKV Workbench"));
    QFont font = Theme::baseFont();
    font.setPointSizeF(20);
    font.setWeight(QFont::Bold);
    name->setFont(font);
    auto* line = makeLabel(
        tr("See what a NoriKV deployment is doing, while it does it, and catch what goes wrong."), "muted");
    line->setWordWrap(true);
    line->setAlignment(Qt::AlignHCenter);
    column->addWidget(logo, 0, Qt::AlignHCenter);
    column->addSpacing(8);
    column->addWidget(name, 0, Qt::AlignHCenter);
    column->addWidget(line);
    return box;
}

QWidget* StartPage::choices()
{
    m_demo = new ChoiceCard(
        m_theme, u"play"_s, tr("Start the demo"), tr("A sandbox with live traffic, nothing to install."));
    m_demo->setPrimary(true);
    auto* sandbox = new ChoiceCard(
        m_theme, u"database"_s, tr("Open the sandbox"), tr("Empty and durable, on this computer."));
    auto* connection = new ChoiceCard(
        m_theme, u"connect"_s, tr("Connect to NoriKV"), tr("Your own servers, near or far."));
    m_demo->setObjectName(u"demo"_s);
    sandbox->setObjectName(u"sandbox"_s);
    connection->setObjectName(u"connect"_s);
    auto* box = new QWidget;
    auto* line = new QHBoxLayout(box);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(8);
    for (ChoiceCard* card : {m_demo, sandbox, connection})
        line->addWidget(card, 1);
    connect(m_demo, &ChoiceCard::clicked, this, &StartPage::demoChosen);
    connect(sandbox, &ChoiceCard::clicked, this, &StartPage::sandboxChosen);
    connect(connection, &ChoiceCard::clicked, this, &StartPage::connectChosen);
    return box;
}

QWidget* StartPage::promise()
{
    auto* box = new QWidget;
    auto* line = new QHBoxLayout(box);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(6);
    auto* lock = makeLabel(QString());
    const auto paint = [this, lock] {
        lock->setPixmap(iconPixmap(u"lock"_s, m_theme.tokens().muted, 14, lock->devicePixelRatioF()));
    };
    paint();
    connect(&m_theme, &Theme::changed, lock, paint);
    line->addStretch();
    line->addWidget(lock);
    line->addWidget(makeLabel(tr("Nothing leaves this computer."), "caption"));
    line->addStretch();
    return box;
}

void StartPage::setRecent(const std::vector<client::Profile>& profiles)
{
    while (QLayoutItem* item = m_recentRows->takeAt(0)) {
        if (QWidget* row = item->widget()) {
            row->hide();
            row->deleteLater();
        }
        delete item;
    }
    for (std::size_t i = 0; i < std::min(profiles.size(), mostRecent); ++i) {
        const client::Profile& profile = profiles[i];
        QStringList addresses;
        for (const std::string& seed : profile.seeds)
            addresses << QString::fromStdString(seed);
        auto* row = new RecentRow(m_theme,
            {QString::fromStdString(profile.name), addresses.join(u", "_s),
                QString::fromStdString(profile.environment), QString::fromStdString(profile.colour)});
        row->setObjectName(u"recent%1"_s.arg(i));
        const QString id = QString::fromStdString(profile.id);
        connect(row, &RecentRow::clicked, this, [this, id] { Q_EMIT profileChosen(id); });
        m_recentRows->addWidget(row);
    }
    m_recent->setVisible(!profiles.empty());
}

void StartPage::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    if (!event->spontaneous())
        m_demo->setFocus(Qt::OtherFocusReason);
}

} // namespace norikv::widgets
