// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/counterfeed.h"
#include "models/countermodel.h"
#include "widgets/page.h"

#include <functional>

class QLineEdit;
class QStackedWidget;
class QTableView;

namespace norikv::widgets {

class CounterDetail;
class EmptyState;
class NoticeBar;
class SectionHeader;
class Theme;

/// Counters: the list on the left; value, rate, conflicts, losses and shards of the selected one on the right
/// (panels.md 2.1).
class CountersPage final : public Page {
    Q_OBJECT

public:
    /// feed and theme must outlive the page.
    CountersPage(models::CounterFeed& feed, const Theme& theme, QWidget* parent = nullptr);

    NoticeBar& notices() { return *m_notices; }
    QVariantMap figures() const override;
    void focusFilter() override;
    void toggleTable() override;

Q_SIGNALS:
    void openCounterRequested();

private:
    QWidget* makeList();
    void refresh();
    void refreshState();
    void refreshList();
    void tell(const models::CounterFeed::Outcome& outcome);

    models::CounterFeed& m_feed;
    const Theme& m_theme;
    models::CounterModel m_model;
    SectionHeader* m_header = nullptr;
    NoticeBar* m_notices = nullptr;
    QStackedWidget* m_stack = nullptr;
    EmptyState* m_empty = nullptr;
    QLineEdit* m_filter = nullptr;
    QTableView* m_list = nullptr;
    CounterDetail* m_detail = nullptr;
    bool m_syncing = false;
    bool m_away = false; ///< the server was lost while rows were shown
    std::function<void()> m_onNotice; ///< what the notice's button does
};

} // namespace norikv::widgets
