// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/eventfeed.h"

#include <QWidget>

#include <vector>

class QComboBox;
class QSpinBox;

namespace norikv::widgets {

/// What the state at the slider is compared with: the step before, the same without one event, another moment
/// of the aggregate, or another aggregate.
class CompareBox : public QWidget {
    Q_OBJECT

public:
    /// feed must outlive the box.
    explicit CompareBox(models::EventFeed& feed, QWidget* parent = nullptr);

    /// Ready to be shown: what differs, and the words around it.
    struct Comparison {
        std::vector<client::StateChange> changes;
        QString title;
        QString before; ///< heads of the two columns
        QString after;
        QString none; ///< said where nothing differs
    };
    /// Another aggregate was opened: the comparison begins anew.
    void restart();
    /// The slider stands elsewhere, or the state is another.
    void refresh();
    const Comparison& comparison() const { return m_now; }

Q_SIGNALS:
    void changed();

private:
    enum class With { StepBefore, WithoutEvent, OtherMoment, OtherAggregate };

    With with() const;
    void fillAggregates();
    void compareMoment();
    void set(const std::string& before, const std::string& after, Comparison words);
    QString afterText(std::size_t position) const;

    models::EventFeed& m_feed;
    models::EventReplay& m_replay;
    models::EventReplay& m_beside;
    Comparison m_now;
    QComboBox* m_with = nullptr;
    QComboBox* m_aggregate = nullptr;
    std::vector<client::EventStreamId> m_offered; ///< in m_aggregate
    QSpinBox* m_number = nullptr; ///< of the left-out event, or events applied
    std::string m_lookedAt; ///< the state at the other moment
    bool m_syncing = false;
};

} // namespace norikv::widgets
