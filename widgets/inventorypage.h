// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/stockfeed.h"
#include "widgets/patternpage.h"

#include <QTimer>

class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QTableView;

namespace norikv::widgets {

class Card;
class DropTarget;
class InlineConfirm;
class StockRaceBox;

/// The board: a lane per SKU with what is available, reserved and leaked; below it the reservations of the
/// chosen one, to be committed or released (panels.md 2.3). The chosen SKU is taken apart in StockInspector.
class InventoryPage final : public PatternPage {
    Q_OBJECT

public:
    /// feed and theme must outlive the page.
    InventoryPage(models::StockFeed& feed, const Theme& theme, QWidget* parent = nullptr);

    void focusFilter() override;
    QVariantMap figures() const override;

protected:
    bool nothing() const override { return m_feed.model().all() == 0; }
    void sayNothing(EmptyState& empty) override;
    void refreshContent() override;
    QString countText() const override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    QWidget* makeForm();
    QWidget* makeFilters();
    QTableView* makeBoard();
    QTableView* makeReservations();
    Card* makeReservationCard();
    void tick();
    void settle(bool sold);
    void askReconcile(const std::vector<client::ReconcilePlan>& plans);
    void followSelection();

    models::StockFeed& m_feed;
    QWidget* m_form = nullptr;
    StockRaceBox* m_race = nullptr;
    InlineConfirm* m_confirm = nullptr;
    std::function<void()> m_onConfirm;
    QLineEdit* m_text = nullptr;
    QPushButton* m_wrong = nullptr;
    QComboBox* m_order = nullptr;
    QPushButton* m_all = nullptr; ///< reconcile all
    QTableView* m_board = nullptr;
    Card* m_reservationCard = nullptr;
    QTableView* m_reservations = nullptr;
    QLabel* m_none = nullptr;
    DropTarget* m_commit = nullptr;
    DropTarget* m_release = nullptr;
    QTimer m_tick;
    bool m_syncing = false;
};

} // namespace norikv::widgets
