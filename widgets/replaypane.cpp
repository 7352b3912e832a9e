// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/replaypane.h"

#include "models/errortext.h"
#include "models/scriptreducer.h"
#include "models/text.h"
#include "widgets/comparebox.h"
#include "widgets/flowlayout.h"
#include "widgets/plaintext.h"
#include "widgets/replaybar.h"
#include "widgets/stateview.h"

#include <QComboBox>
#include <QTimer>
#include <QVBoxLayout>

namespace norikv::widgets {

using client::ReducerKind;
using models::EventReplay;
using models::EventSide;

namespace {

const QString Script = QStringLiteral("script");

std::optional<ReducerKind> kindOf(const QString& id)
{
    if (id == QStringLiteral("bank"))
        return ReducerKind::Bank;
    if (id == QStringLiteral("merge"))
        return ReducerKind::Merge;
    if (id == QStringLiteral("counter"))
        return ReducerKind::Counter;
    return std::nullopt;
}

} // namespace

ReplayPane::ReplayPane(models::EventFeed& feed, const Theme& theme, QString scriptHost, QWidget* parent)
    : Card(tr("State"), parent)
    , m_feed(feed)
    , m_scriptHost(std::move(scriptHost))
{
    setObjectName(QStringLiteral("replayPane"));
    auto& replay = feed.opened().replay;
    auto& column = *contentLayout();
    column.addWidget(new ReplayBar(replay, theme));
    auto* choices = new QWidget;
    auto* row = new FlowLayout(8, 6);
    choices->setLayout(row);
    m_reducer = new ReducerBox(theme);
    m_compare = new CompareBox(feed);
    row->addWidget(m_reducer->combo());
    row->addWidget(m_compare);
    column.addWidget(choices);
    column.addWidget(m_reducer);
    m_state = new StateView(theme);
    column.addWidget(m_state, 1);

    connect(m_reducer, &ReducerBox::chosen, this, &ReplayPane::choose);
    connect(&replay, &EventReplay::folded, this, &ReplayPane::showState);
    connect(&replay, &EventReplay::moved, this, &ReplayPane::streamMoved);
    connect(m_compare, &CompareBox::changed, this, [this] {
        const auto& now = m_compare->comparison();
        m_state->showChanges(now.changes, now.title, now.before, now.after, now.none);
    });
    streamMoved();
    showState();
}

QString ReplayPane::prefixOf(const client::EventStreamId& stream)
{
    const auto& name = stream.aggregate;
    const auto cut = name.find_last_of("-_:./#");
    client::EventStreamId family = stream;
    if (cut != client::Bytes::npos)
        family.aggregate = name.substr(0, cut + 1);
    QString prefix = models::shown(family.prefix(), 1024);
    if (cut != client::Bytes::npos)
        prefix.chop(1); // the separator that ends an aggregate's id does not end a family's
    return prefix;
}

void ReplayPane::streamMoved()
{
    const auto& opened = m_feed.opened();
    if (opened.stream != m_stream) {
        m_stream = opened.stream;
        setTitle(m_stream ? tr("State of %1").arg(models::shown(m_stream->aggregate, 60)) : tr("State"));
        if (m_stream) {
            const auto kept = m_choices.find(prefixOf(*m_stream));
            m_reducer->setChoice(kept == m_choices.end() ? ReducerBox::Choice() : kept->second);
        }
        QTimer::singleShot(0, m_compare, &CompareBox::restart); // it opens another, not from within this
    }
    if (m_stream)
        apply();
}

void ReplayPane::choose()
{
    if (!m_stream)
        return;
    const auto& choice = m_reducer->choice();
    if (choice.id.isEmpty() && choice.script.isEmpty())
        m_choices.erase(prefixOf(*m_stream));
    else
        m_choices[prefixOf(*m_stream)] = choice;
    apply();
}

/// Gives the replay another reducer where another was chosen than before.
void ReplayPane::apply()
{
    const auto& choice = m_reducer->choice();
    if (choice.id == m_applied.id && (choice.id != Script || choice.script == m_applied.script))
        return;
    if (choice.id == Script && m_scriptHost.isEmpty()) {
        m_reducer->setProblem(
            tr("norikv-reducerhost, which runs scripts, was not found beside this program."));
        return;
    }
    m_applied = choice; // first: what follows tells that the replay moved
    std::shared_ptr<const client::Reducer> reducer; // none: it finds out what fits
    if (const auto kind = kindOf(choice.id))
        reducer = client::makeReducer(*kind);
    else if (choice.id == Script)
        reducer = std::make_shared<models::ScriptReducer>(
            models::ScriptReducer::Host{m_scriptHost.toStdString()}, choice.script.toStdString());
    for (const auto side : {EventSide::Main, EventSide::Beside})
        m_feed.opened(side).replay.setReducer(reducer);
}

void ReplayPane::showState()
{
    const auto& replay = m_feed.opened().replay;
    const bool script = m_reducer->choice().id == Script;
    if (const auto& error = replay.error()) {
        m_reducer->setProblem(script ? QString::fromStdString(error->message) : QString());
        m_state->showFailure(script ? tr("The script gives no state; its box above says why.")
                                    : models::errorText(*error, tr("fold the events")).line());
        return;
    }
    if (script && !m_scriptHost.isEmpty())
        m_reducer->setProblem({});
    const auto& moment = replay.moment();
    if (moment.state.empty())
        return;
    m_state->showState(moment.state, clippedLine(QString::fromStdString(moment.problem)));
    m_compare->refresh();
}

QVariantMap ReplayPane::choices() const
{
    QVariantMap out;
    for (const auto& [prefix, choice] : m_choices)
        out.insert(prefix,
            QVariantMap{{QStringLiteral("reducer"), choice.id}, {QStringLiteral("script"), choice.script}});
    return out;
}

void ReplayPane::setChoices(const QVariantMap& choices)
{
    m_choices.clear();
    for (auto it = choices.begin(); it != choices.end(); ++it) {
        const QVariantMap one = it->toMap();
        m_choices[it.key()] = {
            one.value(QStringLiteral("reducer")).toString(), one.value(QStringLiteral("script")).toString()};
    }
    m_stream.reset(); // as if it were opened anew, with what was chosen for it
    streamMoved();
}

} // namespace norikv::widgets
