// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/vectorrecommendfeed.h"

#include <QWidget>

class QButtonGroup;
class QComboBox;
class QLabel;
class QPushButton;
class QSlider;
class QTableWidget;

namespace norikv::widgets {

class DropTarget;
class Theme;
class VectorResults;

/// A user's taste: what was liked, what each like still weighs, and what that leads to. Products are liked
/// with the buttons, with L and D, or by dragging their line.
class RecommendPane : public QWidget {
    Q_OBJECT

public:
    /// The feeds and the theme must outlive the pane.
    RecommendPane(models::VectorFeed& vectors, models::VectorRecommendFeed& feed, const Theme& theme,
        QWidget* parent = nullptr);

    VectorResults& results() { return *m_results; }
    /// The product that the buttons are about.
    void setProduct(const std::string& id);
    void setReadOnly(bool readOnly);
    /// Products like this one.
    void findSimilar(const std::string& id);

private:
    enum By { Stored, TrueMean, Product };
    QWidget* makeUser();
    QWidget* makeTastes(const Theme& theme);
    QWidget* makeList();
    std::string product() const;
    void like(const std::string& id, bool yes);
    void ask();
    void refreshUsers();
    void refreshProducts();
    void refreshTastes();
    void refreshList();
    bool eventFilter(QObject* watched, QEvent* event) override;

    models::VectorFeed& m_vectors;
    models::VectorRecommendFeed& m_feed;
    QComboBox* m_user = nullptr;
    QComboBox* m_product = nullptr;
    DropTarget* m_like = nullptr;
    DropTarget* m_dislike = nullptr;
    QTableWidget* m_tastes = nullptr;
    QLabel* m_tastesWords = nullptr;
    QButtonGroup* m_by = nullptr;
    QSlider* m_diversity = nullptr;
    QLabel* m_listWords = nullptr;
    QLabel* m_state = nullptr;
    VectorResults* m_results = nullptr;
    bool m_readOnly = false;
    bool m_browsing = true; ///< the list shows products, nobody asked for a recommendation yet
};

} // namespace norikv::widgets
