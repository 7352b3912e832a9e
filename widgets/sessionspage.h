// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/sessionfeed.h"
#include "widgets/patternpage.h"

#include <QTimer>

class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;

namespace norikv::widgets {

class Card;
class ExpiryStrip;
class FadingTable;
class InlineConfirm;

/// Sessions with their time left: when they end, whose they are, what is wrong with them (panels.md 2.2). The
/// selected one is taken apart in SessionInspector.
class SessionsPage final : public PatternPage {
    Q_OBJECT

public:
    /// feed and theme must outlive the page.
    SessionsPage(models::SessionFeed& feed, const Theme& theme, QWidget* parent = nullptr);

    void focusFilter() override;
    QVariantMap figures() const override;

protected:
    bool nothing() const override { return m_feed.all() == 0; }
    void sayNothing(EmptyState& empty) override;
    void refreshContent() override;
    QString countText() const override;

private:
    QWidget* makeFilters();
    void addWhatIf(Card& card);
    FadingTable* makeTable();
    double fadeOf(int row) const;
    QWidget* makeForm();
    void changeFilter(const std::function<void(models::SessionFilter&)>& change);
    void tick();
    void askRevoke(const QString& user, const std::vector<client::Bytes>& keys);

    models::SessionFeed& m_feed;
    ExpiryStrip* m_strip = nullptr;
    QLineEdit* m_text = nullptr;
    QPushButton* m_wrong = nullptr;
    QPushButton* m_endless = nullptr;
    QPushButton* m_crowded = nullptr;
    QComboBox* m_whatIf = nullptr;
    QLabel* m_whatIfText = nullptr;
    QPushButton* m_cell = nullptr; ///< what was chosen in the strip; a click lets go
    QComboBox* m_order = nullptr;
    FadingTable* m_table = nullptr;
    QWidget* m_form = nullptr;
    InlineConfirm* m_confirm = nullptr;
    std::function<void()> m_onConfirm;
    QTimer m_tick;
    bool m_syncing = false;
};

} // namespace norikv::widgets
