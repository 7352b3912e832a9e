// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/replaybar.h"

#include "models/text.h"
#include "widgets/elidedlabel.h"
#include "widgets/icons.h"
#include "widgets/plaintext.h"
#include "widgets/tabular.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QSlider>
#include <QVBoxLayout>

#include <utility>

namespace norikv::widgets {

using models::EventReplay;

namespace {
constexpr int Page = 64; // events a page of the slider: as many as lie between two kept states
}

ReplayBar::ReplayBar(EventReplay& replay, const Theme& theme, QWidget* parent)
    : QWidget(parent)
    , m_replay(replay)
    , m_theme(theme)
{
    setObjectName(QStringLiteral("replayBar"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(6);
    column->addWidget(makeButtons());
    column->addWidget(makeStops());
    connect(&replay, &EventReplay::moved, this, &ReplayBar::refresh);
    connect(&replay, &EventReplay::stopped, this, &ReplayBar::say);
    refresh();
}

QWidget* ReplayBar::makeButtons()
{
    auto* box = new QWidget;
    auto* row = new QHBoxLayout(box);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(6);
    const auto button = [row](const QString& text, const QString& tip, const char* name) {
        auto* made = new QPushButton(text);
        made->setObjectName(QString::fromLatin1(name));
        made->setToolTip(tip);
        made->setAccessibleName(tip);
        setStyleRole(made, "quiet");
        row->addWidget(made);
        return made;
    };
    m_older = button(tr("Older"), tr("One event back"), "replayOlder");
    m_play = button(tr("Play"), tr("Play the events one after the other"), "replayPlay");
    m_newer = button(tr("Newer"), tr("One event on"), "replayNewer");
    m_newest = button(tr("Now"), tr("The newest event, and on with every new one"), "replayNewest");
    m_slider = new QSlider(Qt::Horizontal);
    m_slider->setObjectName(QStringLiteral("replaySlider"));
    m_slider->setAccessibleName(tr("Position in the stream"));
    m_slider->setPageStep(Page);
    m_slider->setMinimumWidth(80);
    m_slider->setToolTip(tr("Home: before the first event; End: now"));
    row->addWidget(m_slider, 1);
    m_where = new TabularLabel;
    m_where->setObjectName(QStringLiteral("replayWhere"));
    row->addWidget(m_where);

    connect(m_older, &QPushButton::clicked, this, [this] { m_replay.step(-1); });
    connect(m_newer, &QPushButton::clicked, this, [this] { m_replay.step(1); });
    connect(m_newest, &QPushButton::clicked, this, [this] { m_replay.toEnd(); });
    connect(m_play, &QPushButton::clicked, this, [this] {
        if (m_replay.playing()) {
            m_replay.pause();
            return;
        }
        say({});
        m_replay.setStopWhen(condition());
        m_replay.play();
    });
    connect(m_slider, &QSlider::valueChanged, this, [this](int value) {
        if (!m_syncing)
            m_replay.setPosition(static_cast<std::size_t>(value));
    });
    return box;
}

QWidget* ReplayBar::makeStops()
{
    auto* box = new QWidget;
    auto* row = new QHBoxLayout(box);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(6);
    m_speed = new QComboBox;
    m_speed->setObjectName(QStringLiteral("replaySpeed"));
    m_speed->setAccessibleName(tr("Speed"));
    m_speed->setToolTip(tr("×1 plays two events a second"));
    for (const double speed : {0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0})
        m_speed->addItem(tr("×%1").arg(speed), speed);
    m_speed->setCurrentIndex(1);
    row->addWidget(m_speed);
    row->addWidget(makeLabel(tr("stop when"), "muted"));
    m_stop = new QLineEdit;
    m_stop->setObjectName(QStringLiteral("stopWhen"));
    m_stop->setPlaceholderText(tr("balance < 0"));
    m_stop->setAccessibleName(tr("Stop playing when"));
    m_stop->setToolTip(tr("A place in the state, one of < <= = != >= >, and a number or a text in quotes"));
    m_stop->setMaximumWidth(160);
    m_find = new QPushButton(tr("Find next"));
    m_find->setObjectName(QStringLiteral("findStop"));
    m_find->setEnabled(false);
    m_word = new ElidedLabel;
    setStyleRole(m_word, "muted");
    m_word->setObjectName(QStringLiteral("replayWord"));
    row->addWidget(m_stop);
    row->addWidget(m_find);
    row->addWidget(m_word, 1);
    connect(m_speed, &QComboBox::currentIndexChanged, this,
        [this] { m_replay.setSpeed(m_speed->currentData().toDouble()); });
    const auto find = [this] {
        say({});
        if (const auto wanted = condition())
            m_replay.jumpTo(*wanted);
    };
    connect(m_stop, &QLineEdit::textChanged, this, [this](const QString& text) {
        m_find->setEnabled(!text.trimmed().isEmpty());
        say({});
    });
    connect(m_stop, &QLineEdit::editingFinished, this, [this] { m_replay.setStopWhen(condition()); });
    connect(m_stop, &QLineEdit::returnPressed, this, find);
    connect(m_find, &QPushButton::clicked, this, find);
    return box;
}

std::optional<client::StateCondition> ReplayBar::condition()
{
    const QString text = m_stop->text().trimmed();
    if (text.isEmpty())
        return std::nullopt;
    auto parsed = client::StateCondition::parse(text.toStdString());
    if (parsed)
        return *parsed;
    say(QString::fromStdString(parsed.error().message));
    return std::nullopt;
}

void ReplayBar::say(const QString& text) { m_word->setText(text); }

void ReplayBar::refresh()
{
    const auto count = m_replay.count();
    const auto position = m_replay.position();
    const bool nested = std::exchange(m_syncing, true);
    m_slider->setRange(0, static_cast<int>(count));
    m_slider->setValue(static_cast<int>(position));
    m_syncing = nested;
    m_older->setEnabled(position > 0);
    for (auto* on : {m_newer, m_newest})
        on->setEnabled(position < count);
    m_play->setEnabled(count > 0);
    m_play->setText(m_replay.playing() ? tr("Pause") : tr("Play"));
    m_play->setIcon(icon(m_replay.playing() ? QStringLiteral("pause") : QStringLiteral("play"), m_theme));
    m_where->setText(m_replay.following()
            ? tr("%1 of %1 · now").arg(models::grouped(count))
            : tr("%1 of %2").arg(models::grouped(position), models::grouped(count)));
    m_slider->setAccessibleDescription(m_where->text());
}

} // namespace norikv::widgets
