// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/patternpage.h"

#include "widgets/emptystate.h"
#include "widgets/noticebar.h"
#include "widgets/sectionheader.h"
#include "widgets/theme.h"

#include <QPushButton>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <utility>

namespace norikv::widgets {

using models::FeedState;

namespace {
constexpr int Margin = 16;
}

PatternPage::PatternPage(models::PatternFeed& feed, const Theme& theme, Words words, QWidget* parent)
    : Page(parent)
    , m_theme(theme)
    , m_feed(feed)
    , m_words(std::move(words))
{
    setObjectName(m_words.objectName);
    setFocusPolicy(Qt::StrongFocus); // the page takes the first focus, so that no button is lit
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(Margin, 12, Margin, 0);
    column->setSpacing(8);
    m_header = new SectionHeader(m_words.title, SectionHeader::Level::Page);
    column->addWidget(m_header);
    m_notices = new NoticeBar(theme);
    column->addWidget(m_notices);
    m_top = new QVBoxLayout;
    m_top->setContentsMargins(0, 0, 0, 0);
    m_top->setSpacing(8);
    column->addLayout(m_top);
    m_stack = new QStackedWidget;
    m_empty = new EmptyState(theme);
    m_stack->addWidget(m_empty);
    column->addWidget(m_stack, 1);

    connect(m_notices, &NoticeBar::actionTriggered, this, [this] {
        m_notices->closeNotice();
        if (m_onNotice)
            std::exchange(m_onNotice, {})();
    });
    connect(&feed, &models::PatternFeed::stateChanged, this, &PatternPage::refreshState);
    connect(&feed, &models::PatternFeed::changed, this, &PatternPage::refresh);
    connect(&feed, &models::PatternFeed::acted, this, &PatternPage::tell);
}

void PatternPage::setContent(QWidget* content) { m_stack->addWidget(content); }

void PatternPage::refreshAll() { refreshState(); }

void PatternPage::writes(QWidget* button)
{
    m_writers.append({button, button->toolTip()});
    button->setEnabled(!m_readOnly);
}

void PatternPage::setReadOnly(bool readOnly)
{
    m_readOnly = readOnly;
    for (const auto& [button, tip] : std::as_const(m_writers)) {
        if (!button)
            continue;
        button->setEnabled(!readOnly);
        button->setToolTip(
            readOnly ? tr("This connection is read-only: change the mode in the top bar to write") : tip);
    }
    Q_EMIT readOnlyChanged(readOnly);
}

void PatternPage::showEvent(QShowEvent* event)
{
    Page::showEvent(event);
    refresh(); // while hidden nothing was
}

void PatternPage::fillEmpty()
{
    m_empty->clearActions();
    switch (m_feed.state()) {
    case FeedState::Idle:
    case FeedState::Loading:
        m_empty->setContent(m_words.icon, m_words.looking,
            tr("Reading the keys of %1.").arg(QString::fromStdString(m_feed.connection().profile().name)));
        return;
    case FeedState::Failed:
        m_empty->setContent(QStringLiteral("error"), m_words.failed,
            models::errorText(m_feed.error(), m_words.action).line());
        connect(m_empty->addAction(tr("Try again")), &QPushButton::clicked, this, &Page::refreshNow);
        return;
    case FeedState::Ready:
        break;
    }
    sayNothing(*m_empty);
}

void PatternPage::refreshState()
{
    const bool none = nothing();
    if (none) {
        fillEmpty();
    } else if (m_feed.state() == FeedState::Failed) {
        m_away = true;
        m_onNotice = {};
        m_notices->showNotice({Tone::Warning,
            tr("The server is away: what you see is from before. Reconnecting by itself …"), {}, {}});
    } else if (m_feed.state() == FeedState::Ready && std::exchange(m_away, false)) {
        m_notices->showNotice({Tone::Ok, tr("Connected again."), {}, std::chrono::seconds(3)});
    }
    m_stack->setCurrentIndex(none || m_stack->count() < 2 ? 0 : 1);
    refresh();
}

void PatternPage::refresh()
{
    if (m_stack->count() > 1 && (m_stack->currentIndex() == 0) != nothing()) {
        refreshState();
        return;
    }
    QString remark;
    if (m_feed.state() == FeedState::Loading)
        remark = tr("reading …");
    else if (m_feed.state() == FeedState::Ready || !nothing()) {
        remark = countText();
        if (m_feed.coverage() == client::Coverage::Complete)
            remark += tr(" · complete");
        else if (m_feed.coverage() == client::Coverage::KnownKeys)
            remark += tr(" · known keys only");
        remark += freshnessText();
        if (m_feed.paused())
            remark += tr(" · paused");
    }
    m_header->setRemark(remark);
    if (isVisible())
        refreshContent();
}

QString PatternPage::freshnessText() const
{
    return m_feed.live() ? tr(" · followed live") : tr(" · asked every second");
}

void PatternPage::tell(const models::Outcome& outcome)
{
    m_onNotice = {};
    const QString text
        = outcome.remedy.isEmpty() ? outcome.text : outcome.text + QLatin1Char(' ') + outcome.remedy;
    if (outcome.needsConsent) {
        m_notices->showNotice(
            {Tone::Warning, tr("%1? %2").arg(outcome.action, outcome.text), tr("Confirm"), {}});
        m_onNotice = [this] { m_feed.repeatWithConsent(); };
    } else if (outcome.ok) {
        m_notices->showNotice({Tone::Ok, outcome.text, {}, std::chrono::seconds(4)});
    } else if (outcome.canCheck) {
        m_notices->showNotice({Tone::Warning, text, tr("Check"), {}});
        m_onNotice = [this] { m_feed.check(); };
    } else {
        m_notices->showNotice({outcome.unknown ? Tone::Warning : Tone::Danger, text, {}, {}});
    }
}

} // namespace norikv::widgets
