// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/ratelimitfeed.h"
#include "widgets/patternpage.h"

#include <QTimer>

class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QStackedWidget;
class QTableView;
class QTableWidget;
class QToolButton;

namespace norikv::widgets {

class BurstBox;
class Card;
class LimitsEditor;
class WindowStrip;

/// Rate limits by pressure, and the window of the chosen one (panels.md 2.9). It is taken apart in
/// RateLimitInspector.
class RateLimitsPage final : public PatternPage {
    Q_OBJECT

public:
    /// feed and theme must outlive the page.
    RateLimitsPage(models::RateLimitFeed& feed, const Theme& theme, QWidget* parent = nullptr);

    void focusFilter() override;
    void toggleTable() override;
    QVariantMap figures() const override;
    /// The limits that were set here.
    QVariantMap place() const override;
    void setPlace(const QVariantMap& place) override;
    /// Opens the limits with the one of this identifier.
    void editLimit(const QByteArray& identifier);

protected:
    bool nothing() const override { return m_feed.all() == 0; }
    void sayNothing(EmptyState& empty) override;
    void refreshContent() override;
    QString countText() const override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void open(const QWidget* box);
    void makeRoom();
    QWidget* makeFilters();
    QTableView* makeTable();
    QWidget* makeWindow();
    void changeFilter(const std::function<void(models::RateLimitFilter&)>& change);
    void refreshWindow();
    void fillTimes();
    void tick();

    models::RateLimitFeed& m_feed;
    Card* m_window = nullptr;
    QStackedWidget* m_views = nullptr;
    WindowStrip* m_strip = nullptr;
    QTableWidget* m_times = nullptr; ///< the strip as a table
    QToolButton* m_asTable = nullptr;
    QLabel* m_words = nullptr;
    QLineEdit* m_text = nullptr;
    QTableView* m_table = nullptr;
    LimitsEditor* m_limits = nullptr;
    BurstBox* m_burst = nullptr;
    QTimer m_tick;
    bool m_syncing = false;
};

} // namespace norikv::widgets
