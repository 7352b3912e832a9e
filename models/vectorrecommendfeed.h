// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/vectorfeed.h"

#include <set>

namespace norikv::models {

/// One product recommended.
struct Recommended {
    std::string id;
    VectorMeta meta;
    std::size_t rank = 0; ///< shown, from 1
    std::size_t serverRank = 0; ///< before diversity moved it, from 1
    double similarity = 0; ///< to what was asked with
    bool liked = false; ///< in this run
};

/// One interaction of this run, and what it weighs now.
struct Taste {
    std::string productId;
    VectorMeta meta;
    bool like = true; ///< dislikes are never stored: the document has none
    double storedWeight = 0; ///< share in the stored preference by the document's (old + new) / 2
    double meanWeight = 0; ///< share in the true mean
};

/// A user's tastes in `user_prefs` against `products`.
class VectorRecommendFeed final : public QObject {
    Q_OBJECT
public:
    explicit VectorRecommendFeed(VectorFeed& vectors, QObject* parent = nullptr);
    ~VectorRecommendFeed() override;

    /// Ids in `user_prefs`, at most 1,000, and those used in this run; where the server cannot list them only
    /// these.
    const std::vector<std::string>& users() const { return m_users; }
    void refreshUsers();
    void setUser(const std::string& id);
    const std::string& user() const { return m_user; }
    /// What is stored for the user; nothing = no interaction yet.
    const std::optional<std::vector<float>>& preference() const { return m_preference; }

    /// Stores an interaction: the preference becomes the mean of what it was and the product's vector.
    void like(const std::string& productId);
    /// Of this run alone; counts against the true mean only.
    void dislike(const std::string& productId);
    void forget(const std::string& productId); ///< from this run's list; nothing stored changes
    const std::vector<Taste>& tastes() const { return m_tastes; } ///< oldest first
    /// The stored preference after each interaction of this run, for the path on the map; first the one
    /// found.
    const std::vector<std::vector<float>>& path() const { return m_path; }
    /// Mean of the likes less a quarter of the mean of the dislikes; nothing without likes.
    const std::optional<std::vector<float>>& trueMean() const { return m_trueMean; }

    enum class By { Stored, TrueMean, Product };
    /// Recommendations by the stored preference or by the true mean.
    void recommend(By by, std::uint32_t k = 10);
    /// Products like this one, itself left out.
    void similar(const std::string& productId, std::uint32_t k = 10);
    /// 0 = by similarity alone, 1 = as different as can be; re-ranks the last answer here.
    void setDiversity(double diversity);
    double diversity() const { return m_diversity; }
    const std::vector<Recommended>& list() const { return m_list; }
    By listedBy() const { return m_by; }
    std::size_t withoutMeta() const { return m_withoutMeta; }
    bool running() const { return m_job.running(); }
    const std::optional<client::Error>& error() const { return m_error; } ///< of the last list

    static constexpr std::uint32_t CandidatesPerResult = 4; ///< what diversity chooses from

Q_SIGNALS:
    void usersChanged();
    void preferenceChanged(); ///< preference, tastes, path, true mean
    void listChanged(); ///< list, running, error

private:
    struct Candidates;
    struct Kept {
        Taste taste;
        std::vector<float> vector;
        std::size_t order = 0; ///< of a like: among those stored in this run
    };

    void readPreference();
    void checkPreference();
    void keep(Kept kept);
    void weigh();
    void ask(By by, std::vector<float> vector, const std::string& product, std::uint32_t k);
    void rank();

    VectorFeed& m_vectors;
    std::vector<std::string> m_users;
    std::set<std::string> m_usedHere;
    std::string m_user;
    std::optional<std::vector<float>> m_preference;
    bool m_hadPreference = false; ///< before this run's interactions
    std::size_t m_stored = 0; ///< interactions of this run
    std::vector<Kept> m_kept;
    std::vector<Taste> m_tastes; ///< of m_kept
    std::vector<std::vector<float>> m_path;
    std::optional<std::vector<float>> m_trueMean;
    By m_by = By::Stored;
    double m_diversity = 0;
    std::shared_ptr<const Candidates> m_candidates;
    std::vector<Recommended> m_list;
    std::size_t m_withoutMeta = 0;
    std::optional<client::Error> m_error;
    Job m_usersJob, m_preferenceJob, m_dislikeJob, m_job;
};

} // namespace norikv::models
