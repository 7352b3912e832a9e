// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/leasefeed.h"
#include "models/leasemodel.h"
#include "widgets/patternpage.h"

#include <QTimer>

class QTableView;

namespace norikv::widgets {

class LeaseLanes;

/// Leader leases: a lane for each election, and the same as a table. The selected one is taken apart in
/// LeaseInspector.
class LeadersPage final : public PatternPage {
    Q_OBJECT

public:
    /// feed and theme must outlive the page.
    LeadersPage(models::LeaseFeed& feed, const Theme& theme, QWidget* parent = nullptr);

    QVariantMap figures() const override;

protected:
    bool nothing() const override { return m_feed.sheet().leases.empty(); }
    void sayNothing(EmptyState& empty) override;
    void refreshContent() override;
    QString countText() const override;

private:
    models::LeaseFeed& m_feed;
    models::LeaseModel m_model;
    LeaseLanes* m_lanes = nullptr;
    QTableView* m_table = nullptr;
    QTimer m_tick; ///< time goes on between two pieces of news
    bool m_syncing = false;
};

} // namespace norikv::widgets
