// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/card.h"
#include "widgets/reducerbox.h"

#include "models/eventfeed.h"

#include <QVariantMap>

#include <map>
#include <optional>

namespace norikv::widgets {

class CompareBox;
class StateView;
class Theme;

/// The opened aggregate at the moment of the slider: its folded state, what changed, and what folds it.
class ReplayPane : public Card {
    Q_OBJECT

public:
    /// feed and theme must outlive the pane. `scriptHost`: path of the program that runs JavaScript; empty =
    /// there is none.
    ReplayPane(models::EventFeed& feed, const Theme& theme, QString scriptHost, QWidget* parent = nullptr);

    /// Chosen reducers and scripts by what the keys of their streams begin with; plain values.
    QVariantMap choices() const;
    void setChoices(const QVariantMap& choices);

private:
    /// What streams share a reducer: the keys' beginning with the aggregate up to its last separator.
    static QString prefixOf(const client::EventStreamId& stream);
    void streamMoved();
    void choose();
    void apply();
    void showState();

    models::EventFeed& m_feed;
    const QString m_scriptHost;
    ReducerBox* m_reducer = nullptr;
    CompareBox* m_compare = nullptr;
    StateView* m_state = nullptr;
    std::map<QString, ReducerBox::Choice> m_choices; ///< by prefix
    std::optional<client::EventStreamId> m_stream; ///< whose choice is shown
    ReducerBox::Choice m_applied;
};

} // namespace norikv::widgets
