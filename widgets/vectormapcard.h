// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/vectormapfeed.h"
#include "models/vectorrecommendfeed.h"
#include "models/vectorsearchfeed.h"
#include "widgets/card.h"

#include <optional>

class QCheckBox;
class QComboBox;
class QLabel;
class QPushButton;

namespace norikv::plots {
struct MapPoints;
class VectorMap;
} // namespace norikv::plots

namespace norikv::widgets {

class ChartWithTable;
class ElidedLabel;
class ProgressStrip;
class Theme;

/// The map beside every task, with what the task is about drawn on it.
class VectorMapCard : public Card {
    Q_OBJECT

public:
    /// The feeds and the theme must outlive the card.
    VectorMapCard(models::VectorFeed& vectors, models::VectorMapFeed& feed, const Theme& theme,
        QWidget* parent = nullptr);

    /// What is marked; a new one replaces what another task marked.
    void showResult(std::shared_ptr<const models::VectorResult> result);
    void showTastes(const std::vector<std::vector<float>>& path,
        const std::optional<std::vector<float>>& trueMean, const std::vector<models::Recommended>& list);
    void showPair(const std::string& a, const std::string& b);
    void showNeighbours(const std::string& of, const std::vector<std::string>& near);
    void clearMarks();
    void toggleTable();
    void setReadOnly(bool readOnly);
    plots::VectorMap& map() { return *m_map; }
    QVariantMap place() const;
    void setPlace(const QVariantMap& place);

Q_SIGNALS:
    void idActivated(const std::string& id);
    void similarRequested(const std::string& id);
    void deleteRequested(const std::vector<std::string>& ids);

private:
    enum Tag { Query, Path, Aim };
    enum class ColourBy { Theme, Cluster, Trust };
    struct Marks {
        std::vector<float> query;
        std::vector<std::string> results, missed, neighbours;
        std::vector<std::vector<float>> path;
        std::vector<float> aim;
    };
    QWidget* makeControls();
    void setMarks(Marks marks);
    void refreshPoints();
    void refreshMarks();
    void refreshWords();
    void refreshChosen();
    int pointOf(const std::string& id) const;
    std::string idOf(int point) const;
    QString nameOf(const std::string& id) const;
    QString describe(int point) const;
    QStringList row(int point) const;

    models::VectorFeed& m_vectors;
    models::VectorMapFeed& m_feed;
    models::SharedPicture m_picture; ///< what is drawn
    plots::VectorMap* m_map;
    ChartWithTable* m_table;
    QComboBox* m_layout = nullptr;
    QComboBox* m_colour = nullptr;
    QCheckBox* m_trusted = nullptr;
    ProgressStrip* m_progress;
    QWidget* m_chosenBox = nullptr;
    QLabel* m_chosenWords = nullptr;
    QPushButton* m_delete = nullptr;
    QWidget* m_nearBox = nullptr;
    ElidedLabel* m_nearWords = nullptr;
    QLabel* m_words;
    Marks m_marks;
    std::optional<models::VectorMapFeed::Place> m_queryPlace, m_aimPlace;
    std::vector<models::VectorMapFeed::Place> m_pathPlaces;
    bool m_readOnly = false;
};

} // namespace norikv::widgets
