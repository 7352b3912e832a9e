// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/timebar.h"

#include "models/sizetext.h"
#include "widgets/icons.h"
#include "widgets/plaintext.h"
#include "widgets/tabular.h"
#include "widgets/theme.h"

#include <QDateTime>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QSignalBlocker>
#include <QSlider>
#include <QToolButton>

#include <algorithm>
#include <array>

namespace norikv::widgets {

using models::TimeCursor;
using namespace std::chrono_literals;

namespace {

constexpr EpochMs MsPerUnit = 100; // of the slider: as often as a feed shows anything new
constexpr auto Step = 1s;
constexpr std::array Spans{5min, 30min, 120min, 480min};
constexpr std::array<std::size_t, 4> MegabytesKept{16, 64, 256, 1024};

QToolButton* stepButton(const QString& icon, const QString& name, const Theme& theme)
{
    auto* button = new QToolButton;
    button->setAutoRaise(true);
    button->setAutoRepeat(true);
    button->setAccessibleName(name);
    button->setToolTip(name);
    bindIcon(button, icon, theme);
    return button;
}

} // namespace

TimeBar::TimeBar(const Theme& theme, QWidget* parent)
    : QFrame(parent)
    , m_theme(theme)
    , m_state(makeLabel(QString(), "cardTitle"))
    , m_back(stepButton(QStringLiteral("chevron-left"), tr("A second back (Ctrl+Left)"), theme))
    , m_slider(new QSlider(Qt::Horizontal))
    , m_forth(stepButton(QStringLiteral("chevron-right"), tr("A second forward (Ctrl+Right)"), theme))
    , m_text(new TabularLabel)
    , m_limits(new QMenu(this))
    , m_live(new QPushButton(tr("Back to LIVE")))
{
    setObjectName(QStringLiteral("timeBar"));
    m_back->setObjectName(QStringLiteral("timeBack"));
    m_forth->setObjectName(QStringLiteral("timeForth"));
    m_slider->setObjectName(QStringLiteral("timeSlider"));
    m_slider->setAccessibleName(tr("The moment that all panels show"));
    m_slider->setSingleStep(int(std::chrono::milliseconds(Step).count() / MsPerUnit));
    m_slider->setPageStep(10 * m_slider->singleStep());
    m_text->setObjectName(QStringLiteral("timeText"));
    m_live->setObjectName(QStringLiteral("timeLive"));
    setStyleRole(m_live, "primary");
    auto* more = stepButton(QStringLiteral("more"), tr("How much is kept for looking back"), theme);
    more->setObjectName(QStringLiteral("timeLimits"));
    more->setAutoRepeat(false);
    more->setMenu(m_limits);
    more->setPopupMode(QToolButton::InstantPopup);
    connect(m_limits, &QMenu::aboutToShow, this, &TimeBar::fillLimits);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(16, 4, 16, 4);
    row->setSpacing(8);
    row->addWidget(m_state);
    row->addWidget(m_back);
    row->addWidget(m_slider, 1);
    row->addWidget(m_forth);
    row->addWidget(m_text);
    row->addWidget(m_live);
    row->addWidget(more);
    connect(m_slider, &QSlider::valueChanged, this, &TimeBar::dragged);
    connect(m_back, &QToolButton::clicked, this, [this] {
        if (m_cursor)
            m_cursor->step(-Step);
    });
    connect(m_forth, &QToolButton::clicked, this, [this] {
        if (m_cursor)
            m_cursor->step(Step);
    });
    connect(m_live, &QPushButton::clicked, this, [this] {
        if (m_cursor)
            m_cursor->live();
    });
    connect(&theme, &Theme::changed, this, &TimeBar::refresh);
    refresh();
}

void TimeBar::setCursor(TimeCursor* cursor)
{
    if (m_cursor)
        disconnect(m_cursor, nullptr, this, nullptr);
    m_cursor = cursor;
    if (cursor) {
        connect(cursor, &TimeCursor::changed, this, &TimeBar::refresh);
        connect(cursor, &TimeCursor::edgesMoved, this, &TimeBar::refresh);
        connect(cursor, &QObject::destroyed, this, [this] { m_cursor = nullptr; });
    }
    refresh();
}

void TimeBar::fillLimits()
{
    m_limits->clear();
    if (!m_cursor)
        return;
    const auto now = m_cursor->limits();
    const auto add = [&](const QString& text, const TimeCursor::Limits& limits) {
        auto* action = m_limits->addAction(text, this, [this, limits] { choose(limits); });
        action->setCheckable(true);
        action->setChecked(limits == now);
    };
    m_limits->addSection(tr("Keep at most"));
    for (const auto span : Spans)
        add(durationText(span), {span, now.bytes});
    m_limits->addSection(tr("In memory, of all panels together"));
    for (const std::size_t megabytes : MegabytesKept)
        add(models::sizeText(megabytes << 20U), {now.span, megabytes << 20U});
}

void TimeBar::choose(const TimeCursor::Limits& limits)
{
    m_cursor->setLimits(limits);
    Q_EMIT limitsChosen(limits);
}

void TimeBar::dragged(int value)
{
    if (!m_cursor)
        return;
    if (value == m_slider->maximum())
        m_cursor->live();
    else
        m_cursor->show(m_fromMs + value * MsPerUnit);
}

void TimeBar::refresh()
{
    const auto moment = m_cursor ? m_cursor->moment() : std::nullopt;
    setVisible(moment.has_value());
    if (!moment)
        return;
    const EpochMs now = m_cursor->nowMs();
    // Under a finger the scale stands still.
    if (!m_slider->isSliderDown()) {
        const QSignalBlocker quiet(m_slider);
        m_fromMs = m_cursor->oldestMs();
        m_slider->setRange(0, int(std::max<EpochMs>(1, (now - m_fromMs) / MsPerUnit)));
        m_slider->setValue(int((*moment - m_fromMs) / MsPerUnit));
    }
    m_state->setText(m_cursor->state() == TimeCursor::State::Paused ? tr("PAUSED") : tr("REPLAY"));
    const QString at = QDateTime::fromMSecsSinceEpoch(*moment).toString(QStringLiteral("HH:mm:ss"));
    const auto ago = std::chrono::seconds(std::max<EpochMs>(0, now - *moment) / 1000);
    m_text->setText(ago < 1s ? at : tr("%1 · %2 ago").arg(at, durationText(ago)));
    QString reach = tr("Recorded since %1")
                        .arg(QDateTime::fromMSecsSinceEpoch(m_fromMs).toString(QStringLiteral("HH:mm:ss")));
    if (m_cursor->full())
        reach += tr("; what is older did not fit into the memory that recordings may take");
    m_slider->setToolTip(reach);
    setAccessibleName(QStringLiteral("%1 %2").arg(m_state->text(), m_text->text()));
    const auto& t = m_theme.tokens();
    setStyleSheet(QStringLiteral("#timeBar { background: %1; border: none; border-top: 2px solid %2; }")
                      .arg(t.warning.soft.name(), t.warning.text.name()));
}

} // namespace norikv::widgets
