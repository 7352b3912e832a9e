// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/profile.h"
#include "models/vectorduplicatefeed.h"
#include "models/vectorfeed.h"
#include "models/vectormapfeed.h"
#include "models/vectorrecommendfeed.h"
#include "models/vectorsearchfeed.h"
#include "widgets/patternpage.h"

#include <array>

class QPushButton;
class QTabBar;
class QStackedWidget;

namespace norikv::widgets {

class DuplicatesPane;
class EmbedderForm;
class InlineConfirm;
class RecommendPane;
class VectorIndexBar;
class VectorMapCard;
class VectorSearchPane;

/// The playground of vector search: three tasks at the left, one map at the right (panels.md 2.7). Every list
/// says how true it is.
class VectorsPage final : public PatternPage {
    Q_OBJECT

public:
    enum Task { Search, Recommend, Duplicates, Tasks };

    /// feed and theme must outlive the page.
    VectorsPage(models::VectorFeed& feed, const Theme& theme, QWidget* parent = nullptr);
    ~VectorsPage() override;

    /// What the form of the embedder shows, and why the last choice could not be used.
    void setEmbedderSettings(const client::EmbedderSettings& settings);
    void setEmbedderProblem(const QString& problem);
    void setTask(Task task);
    Task task() const;
    /// Searches with this text as soon as vectors are read, and again when more are, until a person types.
    void searchWhenReady(const QString& text);

    void focusFilter() override;
    void toggleTable() override;
    void setReadOnly(bool readOnly) override;
    void refreshNow() override { m_feed.refresh(); }
    QVariantMap place() const override;
    void setPlace(const QVariantMap& place) override;
    QByteArray currentKey() const override;
    QVariantMap figures() const override;

Q_SIGNALS:
    /// A person chose what makes vectors of texts; `key` is for this run alone.
    void embedderChosen(const norikv::client::EmbedderSettings& settings, const QString& key);
    void importRequested(const QString& path);

protected:
    bool nothing() const override;
    void sayNothing(EmptyState& empty) override;
    void refreshContent() override;
    QString countText() const override;
    QString freshnessText() const override;
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    QWidget* makeTasks();
    void wire();
    void followTask();
    void chooseIndex();
    void drawTask();
    void showKeyOf(const std::string& id);
    void askDelete(const std::vector<std::string>& ids);
    void showNear(const std::string& id);
    void nameEmbedder();
    void refreshService();

    models::VectorFeed& m_feed;
    models::VectorSearchFeed m_searching;
    models::VectorMapFeed m_mapping;
    models::VectorDuplicateFeed m_duplicating;
    models::VectorRecommendFeed m_recommending;
    QPushButton* m_embedder = nullptr;
    EmbedderForm* m_embedderForm = nullptr;
    VectorIndexBar* m_bar = nullptr;
    InlineConfirm* m_confirm = nullptr;
    std::function<void()> m_onConfirm;
    QTabBar* m_tabs = nullptr;
    QStackedWidget* m_stack = nullptr;
    VectorSearchPane* m_search = nullptr;
    RecommendPane* m_recommend = nullptr;
    DuplicatesPane* m_duplicates = nullptr;
    VectorMapCard* m_map = nullptr;
    std::array<std::string, Tasks> m_indexOf; ///< last looked at under each task; empty = its own
    QString m_waiting; ///< searched for when vectors are read
    std::string m_current; ///< id last pointed at
    QString m_said; ///< of the service, for refreshService()
};

} // namespace norikv::widgets
