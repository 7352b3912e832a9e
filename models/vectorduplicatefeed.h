// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/vectorfeed.h"

#include "client/patterns/deduplication.h"

#include <map>

namespace norikv::models {

/// Two rows that are nearer to each other than the threshold.
struct DuplicatePair {
    std::string a, b; ///< a < b
    double similarity = 0; ///< cosine
    enum class Label { None, Duplicates, Different, Ignored };
    Label label = Label::None;
};

/// What the chosen index looks like at one threshold.
struct DuplicateView {
    SharedSnapshot snapshot;
    double threshold = client::DefaultDuplicateThreshold;
    /// Each row's similarity to its nearest other row: `counts[i]` rows in [from + i*width, from +
    /// (i+1)*width).
    double from = 0, width = 0.01;
    std::vector<std::size_t> counts;
    std::vector<DuplicatePair> pairs; ///< at or above the threshold, most similar first
    std::vector<std::vector<std::string>> clusters; ///< of at least two ids, largest first
    std::size_t rowsInClusters = 0;
    std::size_t examined = 0; ///< rows; below the snapshot's when it is sampled
    /// Labels at or above the threshold, also of pairs that were merged since.
    std::size_t labelledDuplicates = 0, labelledDifferent = 0;
    /// Share of the labelled pairs above the threshold that are duplicates; nothing without labels.
    std::optional<double> precision;
};

/// What a text would be.
struct DuplicateAnswer {
    std::string text;
    std::string embedder;
    client::DuplicateCheck check;
    bool stored = false;
};

/// Near-duplicates in the chosen index: histogram, threshold, pairs to review, and the check of new texts.
class VectorDuplicateFeed final : public QObject {
    Q_OBJECT
public:
    explicit VectorDuplicateFeed(VectorFeed& vectors, QObject* parent = nullptr);
    ~VectorDuplicateFeed() override;

    /// Looks for pairs only while true: it compares every row with every other.
    void setWatched(bool watched);
    bool computing() const { return m_job.running(); }
    double progress() const { return m_progress; } ///< 0 to 1
    /// Null until it was computed.
    const std::shared_ptr<const DuplicateView>& view() const { return m_view; }

    /// -1 to 1. The newest wins; cheap once the pairs are known.
    void setThreshold(double threshold);
    double threshold() const { return m_threshold; }

    // Review. Labels live as long as the feed and go by ids.

    void label(const DuplicatePair& pair, DuplicatePair::Label label);
    /// They are duplicates: `keep` stays, the other goes with its metadata; VectorFeed::undoDelete() puts it
    /// back.
    void merge(const DuplicatePair& pair, const std::string& keep, bool confirmed = false);

    /// Looks at the five nearest of `doc_fingerprints` at the threshold; writes nothing.
    void check(const std::string& text);
    /// The document's checkAndStore: stored under `id` unless it is a duplicate.
    void checkAndStore(const std::string& id, const std::string& text);
    const std::vector<DuplicateAnswer>& answers() const { return m_answers; } ///< newest first, at most 20

Q_SIGNALS:
    void changed(); ///< view, threshold, computing
    void progressChanged();
    void answered(); ///< answers() has a new one

private:
    struct Pairs;
    struct Meter;

    void compute();
    void show();
    void took(DuplicateAnswer answer);

    VectorFeed& m_vectors;
    bool m_watched = false;
    double m_threshold = client::DefaultDuplicateThreshold;
    double m_progress = 0;
    std::shared_ptr<Meter> m_meter;
    QTimer m_ticking;
    std::shared_ptr<const Pairs> m_pairs;
    std::shared_ptr<const DuplicateView> m_view;
    std::map<std::pair<std::string, std::string>, DuplicatePair> m_labels; ///< also of rows that are gone
    std::vector<DuplicateAnswer> m_answers;
    Job m_job, m_showJob, m_checkJob;
};

} // namespace norikv::models
