// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/leasefeed.h"
#include "models/leasemodel.h"
#include "widgets/patternpage.h"

#include <QStackedWidget>
#include <QTabBar>
#include <QTimer>

class QTableView;

namespace norikv::widgets {

class LeaseLanes;

/// Leader leases: a lane for each election, and the same as a table. The selected one is taken apart in
/// LeaseInspector. A second half, behind a tab, may show the leaders of shards.
class LeadersPage final : public PatternPage {
    Q_OBJECT

public:
    /// feed and theme must outlive the page.
    LeadersPage(models::LeaseFeed& feed, const Theme& theme, QWidget* parent = nullptr);

    /// Takes ownership; once.
    void addShards(QWidget* shards);
    bool shardsShown() const { return m_shards && m_halves->currentIndex() == 1; }
    void showHalf(int half) { m_halves->setCurrentIndex(half); }

    QVariantMap figures() const override;

Q_SIGNALS:
    void halfChanged(bool shards);

protected:
    bool nothing() const override { return m_feed.sheet().leases.empty() && !shardsShown(); }
    void sayNothing(EmptyState& empty) override;
    void refreshContent() override;
    QString countText() const override;

private:
    models::LeaseFeed& m_feed;
    models::LeaseModel m_model;
    LeaseLanes* m_lanes = nullptr;
    QTableView* m_table = nullptr;
    QTabBar* m_halves = nullptr;
    QStackedWidget* m_content = nullptr;
    QWidget* m_shards = nullptr;
    QTimer m_tick; ///< time goes on between two pieces of news
    bool m_syncing = false;
};

} // namespace norikv::widgets
