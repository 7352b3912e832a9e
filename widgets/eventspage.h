// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/eventfeed.h"
#include "widgets/patternpage.h"

#include <map>
#include <memory>
#include <vector>

class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;

namespace norikv::widgets {

class AppendRaceBox;
class Card;
class EventLanes;
class EventTail;
class EventTypeChips;
struct EventMark;
class ReplayPane;

/// Event streams: a lane for each aggregate, the events of the opened one, and its state at any of them
/// (panels.md 2.5). One event is taken apart in EventInspector.
class EventsPage final : public PatternPage {
    Q_OBJECT

public:
    static constexpr int MostLanes = 200; ///< the first of the list; a filter brings others

    /// feed and theme must outlive the page. `scriptHost`: path of the program that runs JavaScript reducers;
    /// empty = there is none.
    EventsPage(
        models::EventFeed& feed, const Theme& theme, const QString& scriptHost, QWidget* parent = nullptr);

    void focusFilter() override;
    QVariantMap place() const override;
    void setPlace(const QVariantMap& place) override;
    QByteArray currentKey() const override;
    QVariantMap figures() const override;

Q_SIGNALS:
    /// Numbers of the opened stream's events inside the brushed range; 0 and 0 = none is brushed.
    void rangeChosen(quint64 first, quint64 last);

protected:
    bool nothing() const override { return m_feed.model().all() == 0; }
    void sayNothing(EmptyState& empty) override;
    void refreshContent() override;
    QString countText() const override;

private:
    QWidget* makeForm();
    QWidget* makeFilters();
    Card* makeLanes();
    void filter();
    void refreshLanes();
    void rangeMoved();
    void followPosition();
    void followSelection();
    void choose(const QByteArray& key, qint64 number);

    models::EventFeed& m_feed;
    models::EventReplay& m_replay;
    QWidget* m_form = nullptr;
    QLineEdit* m_newAggregate = nullptr;
    AppendRaceBox* m_race = nullptr;
    QLineEdit* m_text = nullptr;
    QPushButton* m_wrong = nullptr;
    QComboBox* m_order = nullptr;
    EventTypeChips* m_types = nullptr;
    Card* m_lanesCard = nullptr;
    EventLanes* m_lanes = nullptr;
    QLabel* m_rangeText = nullptr;
    QPushButton* m_zoom = nullptr;
    QPushButton* m_release = nullptr;
    EventTail* m_tail = nullptr;
    ReplayPane* m_pane = nullptr;
    struct Drawn {
        models::EventPoints points;
        std::shared_ptr<const std::vector<EventMark>> marks;
    };
    std::map<client::Bytes, Drawn> m_drawn; ///< by stream: made again only where events came
    bool m_syncing = false;
};

} // namespace norikv::widgets
