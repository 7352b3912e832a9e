// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/eventfeed.h"
#include "widgets/card.h"

#include <QTimer>

#include <optional>

class QLabel;
class QPushButton;
class QTableView;

namespace norikv::widgets {

class EventTypeDelegate;
class Theme;

/// The events of the opened aggregate, the newest at the end, and how many came since one looked there. The
/// row in hand is where the slider stands.
class EventTail : public Card {
    Q_OBJECT

public:
    /// feed and theme must outlive the card.
    EventTail(models::EventFeed& feed, const Theme& theme, QWidget* parent = nullptr);

    void refresh();

Q_SIGNALS:
    void keyActivated(const QByteArray& key);
    /// The person wants to see what came while everything stood still.
    void resumeRequested();

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void makeTable(const Theme& theme);
    void followPosition();
    void refreshPill();
    bool atEnd() const;

    models::EventFeed& m_feed;
    models::EventReplay& m_replay;
    QTableView* m_table = nullptr;
    EventTypeDelegate* m_types = nullptr;
    QLabel* m_none = nullptr; ///< while there are no rows: why
    QPushButton* m_pill = nullptr;
    QTimer m_tick; ///< while paused nobody tells that something came
    std::optional<client::EventStreamId> m_stream; ///< whose end was brought into sight
    int m_seen = 0; ///< rows when the end was last in sight
    bool m_syncing = false;
};

} // namespace norikv::widgets
