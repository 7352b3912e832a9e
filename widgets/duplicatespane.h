// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/vectorduplicatefeed.h"

#include <QWidget>

class QLabel;
class QLineEdit;
class QPushButton;
class QTableWidget;

namespace norikv::plots {
class ThresholdHistogram;
}

namespace norikv::widgets {

class DuplicateReview;
class ProgressStrip;
class Theme;

/// Near-duplicates: is this text one, where is the threshold, and what of the pairs above it.
class DuplicatesPane : public QWidget {
    Q_OBJECT

public:
    /// The feeds and the theme must outlive the pane.
    DuplicatesPane(models::VectorFeed& vectors, models::VectorDuplicateFeed& feed, const Theme& theme,
        QWidget* parent = nullptr);

    DuplicateReview& review() { return *m_review; }
    void setReadOnly(bool readOnly);
    void focusText();

private:
    QWidget* makeCheck();
    void example();
    void refresh();
    void refreshAnswers();

    models::VectorFeed& m_vectors;
    models::VectorDuplicateFeed& m_feed;
    QLineEdit* m_text = nullptr;
    QPushButton* m_check = nullptr;
    QPushButton* m_store = nullptr;
    QPushButton* m_example = nullptr;
    QTableWidget* m_answers = nullptr;
    plots::ThresholdHistogram* m_histogram = nullptr;
    QLabel* m_counts = nullptr;
    ProgressStrip* m_progress = nullptr;
    DuplicateReview* m_review = nullptr;
    std::vector<std::pair<std::string, std::string>> m_waiting; ///< of the example: id and text still to come
    bool m_readOnly = false;
};

} // namespace norikv::widgets
