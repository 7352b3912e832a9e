// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/probefeed.h"

#include <QDialog>

#include <memory>

class QLabel;
class QProgressBar;
class QPushButton;

namespace norikv::widgets {

class TabularLabel;

/// Looking for the keys that are known here: what it costs first, then how it goes. Non-modal; closing it
/// stops the reading.
class ProbeDialog : public QDialog {
    Q_OBJECT

public:
    /// Takes the feed over. Whoever makes the dialog starts the planning (ProbeFeed::plan).
    explicit ProbeDialog(std::unique_ptr<models::ProbeFeed> feed, QWidget* parent = nullptr);
    ~ProbeDialog() override;

    models::ProbeFeed& feed() { return *m_feed; }

protected:
    void reject() override;

private:
    void refresh();
    void showCost();

    std::unique_ptr<models::ProbeFeed> m_feed;
    QLabel* m_headline;
    QLabel* m_cost;
    QProgressBar* m_bar;
    TabularLabel* m_figures;
    QPushButton* m_start;
    QPushButton* m_close;
};

} // namespace norikv::widgets
