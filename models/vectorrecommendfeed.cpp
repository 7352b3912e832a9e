// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/vectorrecommendfeed.h"

#include "models/text.h"

#include "client/patterns/recommendation.h"
#include "client/vectors/mmr.h"
#include "client/vectors/readvectors.h"

#include <algorithm>

namespace norikv::models {

namespace {

using client::Call;
using client::ErrorKind;
using client::Result;
using client::Store;

constexpr std::uint64_t MostUsers = 1'000;
constexpr std::size_t InFlight = 32;
constexpr float DislikeShare = 0.25F; // of the mean of the dislikes, taken from that of the likes

Call askingCall(const std::stop_token& stop)
{
    Call call;
    call.stop = stop;
    call.why = "vectors";
    return call;
}

struct Interaction {
    std::optional<std::vector<float>> preference; ///< nothing = there is no such product
    std::vector<float> product;
    VectorMeta meta;
};

} // namespace

/// What diversity chooses from, most similar first.
struct VectorRecommendFeed::Candidates {
    client::VectorMatrix matrix;
    std::vector<VectorMeta> metas;
    std::vector<double> similarities;
    std::uint32_t k = 10;
};

VectorRecommendFeed::VectorRecommendFeed(VectorFeed& vectors, QObject* parent)
    : QObject(parent)
    , m_vectors(vectors)
{
}

VectorRecommendFeed::~VectorRecommendFeed() = default;

void VectorRecommendFeed::refreshUsers()
{
    m_usersJob = m_vectors.dispatcher().run(
        this,
        [&store = m_vectors.connection().store()](
            const std::stop_token& stop) -> Result<std::vector<std::string>> {
            Call call = askingCall(stop);
            call.background = true;
            std::vector<std::string> users;
            const auto listed = store.listVectorIds(
                call, client::PreferenceIndex, {}, MostUsers, [&](std::vector<std::string> ids) {
                    std::ranges::move(ids, std::back_inserter(users));
                    return true;
                });
            if (!listed && listed.error().kind != ErrorKind::Unsupported
                && listed.error().kind != ErrorKind::NotFound)
                return tl::unexpected(listed.error());
            return users;
        },
        [this](Result<std::vector<std::string>> users) {
            if (!users)
                return; // the feed of the indexes says that the server is away
            m_users = std::move(*users);
            for (const auto& user : m_usedHere) {
                if (std::ranges::find(m_users, user) == m_users.end())
                    m_users.push_back(user);
            }
            std::ranges::sort(m_users);
            Q_EMIT usersChanged();
        });
}

void VectorRecommendFeed::setUser(const std::string& id)
{
    m_user = id;
    m_preference.reset();
    m_kept.clear();
    m_path.clear();
    m_stored = 0;
    m_hadPreference = false;
    weigh();
    if (!id.empty())
        readPreference();
}

void VectorRecommendFeed::readPreference()
{
    m_preferenceJob = m_vectors.dispatcher().run(
        this,
        [&store = m_vectors.connection().store(), user = m_user](const std::stop_token& stop) {
            Call call = askingCall(stop);
            return store.getVector(call, client::PreferenceIndex, user);
        },
        [this](Result<std::optional<std::vector<float>>> found) {
            if (!found && found.error().kind != ErrorKind::NotFound)
                m_vectors.failed(tr("Read the taste of %1").arg(shown(m_user, 60)), found.error());
            if (!found || !*found || m_stored > 0)
                return;
            m_hadPreference = true;
            m_preference = std::move(*found);
            m_path = {*m_preference};
            weigh();
        });
}

/// What became of an interaction whose outcome is unknown.
void VectorRecommendFeed::checkPreference()
{
    using Preference = std::optional<std::vector<float>>;
    VectorFeed::Action<Preference> action;
    action.name = tr("Look at the taste of %1").arg(shown(m_user, 60));
    action.work = [user = m_user](Store& store, Call& call) {
        return store.getVector(call, client::PreferenceIndex, user);
    };
    action.said = [before = m_preference](const Preference& now) {
        return now == before ? tr("It did not move: nothing was stored.")
                             : tr("It moved: the interaction was stored.");
    };
    action.after = [this, user = m_user](const Result<Preference>& now) {
        if (!now || !*now || user != m_user || *now == m_preference)
            return;
        m_preference = *now;
        m_path.push_back(**now);
        weigh();
    };
    m_vectors.act(std::move(action));
}

void VectorRecommendFeed::like(const std::string& productId)
{
    if (m_user.empty())
        return;
    VectorFeed::Action<Interaction> action;
    action.name = tr("Record that %1 likes %2").arg(shown(m_user, 60), shown(productId, 60));
    action.work = [user = m_user, productId](Store& store, Call& call) -> Result<Interaction> {
        Interaction done;
        auto product = store.getVector(call, client::ProductIndex, productId);
        if (!product)
            return tl::unexpected(product.error());
        auto metas = readMetas(store, call, client::ProductIndex, {productId});
        if (!metas)
            return tl::unexpected(metas.error());
        auto stored = client::Recommendation::recordInteraction(store, call, user, productId);
        if (!stored)
            return tl::unexpected(stored.error());
        done.preference = std::move(*stored);
        if (*product)
            done.product = std::move(**product);
        done.meta = std::move(metas->front());
        return done;
    };
    action.said = [user = m_user, productId](const Interaction& done) {
        return done.preference
            ? tr("The taste of %1 moved half way to %2.").arg(shown(user, 60), shown(productId, 60))
            : tr("There is no product %1; nothing was stored.").arg(shown(productId, 60));
    };
    action.repeat = [this, productId] { like(productId); };
    action.check = [this] { checkPreference(); };
    action.after = [this, user = m_user, productId](const Result<Interaction>& done) {
        if (!done || !done->preference || user != m_user)
            return;
        m_preference = done->preference;
        m_path.push_back(*m_preference);
        if (m_usedHere.insert(user).second)
            refreshUsers();
        keep({{productId, done->meta, true, 0, 0}, done->product, m_stored++});
    };
    m_vectors.act(std::move(action));
}

void VectorRecommendFeed::dislike(const std::string& productId)
{
    m_dislikeJob = m_vectors.dispatcher().run(
        this,
        [&store = m_vectors.connection().store(), productId](
            const std::stop_token& stop) -> Result<Interaction> {
            Call call = askingCall(stop);
            auto product = store.getVector(call, client::ProductIndex, productId);
            if (!product)
                return tl::unexpected(product.error());
            if (!*product)
                return client::fail(
                    ErrorKind::NotFound, "there is no product " + client::printable(productId));
            auto metas = readMetas(store, call, client::ProductIndex, {productId});
            if (!metas)
                return tl::unexpected(metas.error());
            return Interaction{{}, std::move(**product), std::move(metas->front())};
        },
        [this, productId](const Result<Interaction>& found) {
            if (found)
                keep({{productId, found->meta, false, 0, 0}, found->product, 0});
            else
                m_vectors.failed(tr("Dislike %1").arg(shown(productId, 60)), found.error());
        });
}

void VectorRecommendFeed::forget(const std::string& productId)
{
    std::erase_if(m_kept, [&](const Kept& kept) { return kept.taste.productId == productId; });
    weigh();
}

void VectorRecommendFeed::keep(Kept kept)
{
    // A like after a dislike replaces it, and the other way round; two likes are two interactions.
    std::erase_if(m_kept, [&](const Kept& old) {
        return old.taste.productId == kept.taste.productId && (!kept.taste.like || !old.taste.like);
    });
    m_kept.push_back(std::move(kept));
    weigh();
}

/// What each interaction weighs, and the mean that forgets none.
void VectorRecommendFeed::weigh()
{
    const auto weights = client::interactionWeights(m_stored, !m_hadPreference);
    const auto likes
        = static_cast<std::size_t>(std::ranges::count_if(m_kept, [](const Kept& k) { return k.taste.like; }));
    const std::size_t dislikes = m_kept.size() - likes;
    std::vector<float> mean;
    m_tastes.clear();
    for (auto& kept : m_kept) {
        Taste& taste = kept.taste;
        taste.storedWeight = taste.like ? weights[kept.order] : 0;
        taste.meanWeight = taste.like ? 1.0 / static_cast<double>(likes)
                                      : -static_cast<double>(DislikeShare) / static_cast<double>(dislikes);
        if (mean.empty())
            mean.assign(kept.vector.size(), 0);
        for (std::size_t i = 0; i < mean.size() && mean.size() == kept.vector.size(); ++i)
            mean[i] += static_cast<float>(taste.meanWeight) * kept.vector[i];
        m_tastes.push_back(taste);
    }
    m_trueMean = likes > 0 ? std::optional(std::move(mean)) : std::nullopt;
    rank();
    Q_EMIT preferenceChanged();
}

void VectorRecommendFeed::recommend(By by, std::uint32_t k)
{
    const auto& vector = by == By::TrueMean ? m_trueMean : m_preference;
    if (by == By::Product || !vector) {
        m_job.cancel();
        m_candidates.reset();
        m_error = {ErrorKind::InvalidRequest,
            by == By::TrueMean ? "nothing was liked in this run" : "this user has no taste stored yet", {}};
        m_by = by;
        rank();
        return;
    }
    ask(by, *vector, {}, k);
}

void VectorRecommendFeed::similar(const std::string& productId, std::uint32_t k)
{
    ask(By::Product, {}, productId, k);
}

void VectorRecommendFeed::ask(By by, std::vector<float> vector, const std::string& product, std::uint32_t k)
{
    m_by = by;
    m_job = m_vectors.dispatcher().run(
        this,
        [&store = m_vectors.connection().store(), vector = std::move(vector), product, k](
            const std::stop_token& stop) -> Result<std::shared_ptr<const Candidates>> {
            Call call = askingCall(stop);
            client::VectorSearch search;
            search.index = client::ProductIndex;
            search.query = vector;
            if (!product.empty()) {
                auto own = store.getVector(call, search.index, product);
                if (!own)
                    return tl::unexpected(own.error());
                if (!*own)
                    return client::fail(
                        ErrorKind::NotFound, "there is no product " + client::printable(product));
                search.query = std::move(**own);
            }
            search.k = k * CandidatesPerResult + (product.empty() ? 0 : 1);
            const auto answer = store.searchVectors(call, search);
            if (!answer)
                return tl::unexpected(answer.error());
            std::vector<std::string> ids;
            std::vector<double> similarities;
            for (const auto& match : answer->matches) {
                if (match.id != product || product.empty()) {
                    ids.push_back(match.id);
                    similarities.push_back(1.0 - static_cast<double>(match.distance));
                }
            }
            auto metas = readMetas(store, call, search.index, ids);
            if (!metas)
                return tl::unexpected(metas.error());
            std::vector<std::vector<float>> vectors(ids.size());
            const auto read = client::readVectors(store, call, search.index, ids, InFlight,
                [&](std::size_t at, std::vector<float> one) { vectors[at] = std::move(one); });
            if (!read)
                return tl::unexpected(read.error());
            auto candidates = std::make_shared<Candidates>();
            candidates->k = k;
            for (std::size_t i = 0; i < ids.size(); ++i) {
                if (vectors[i].size() != search.query.size())
                    continue; // deleted meanwhile
                candidates->matrix.append(ids[i], vectors[i]);
                candidates->metas.push_back(std::move((*metas)[i]));
                candidates->similarities.push_back(similarities[i]);
            }
            return std::shared_ptr<const Candidates>(std::move(candidates));
        },
        [this](const Result<std::shared_ptr<const Candidates>>& found) {
            m_error = found ? std::nullopt : std::optional(found.error());
            m_candidates = found ? *found : nullptr;
            rank();
        });
    Q_EMIT listChanged();
}

void VectorRecommendFeed::setDiversity(double diversity)
{
    m_diversity = std::clamp(diversity, 0.0, 1.0);
    rank();
}

/// A few dozen candidates: done at once.
void VectorRecommendFeed::rank()
{
    m_list.clear();
    m_withoutMeta = 0;
    if (m_candidates) {
        const auto order
            = diverse(m_candidates->matrix, m_candidates->similarities, m_candidates->k, m_diversity);
        for (const std::size_t at : order) {
            Recommended one;
            one.id = m_candidates->matrix.ids[at];
            one.meta = m_candidates->metas[at];
            one.rank = m_list.size() + 1;
            one.serverRank = at + 1;
            one.similarity = m_candidates->similarities[at];
            one.liked = std::ranges::any_of(
                m_kept, [&](const Kept& kept) { return kept.taste.like && kept.taste.productId == one.id; });
            m_withoutMeta += one.meta.stored ? 0 : 1;
            m_list.push_back(std::move(one));
        }
    }
    Q_EMIT listChanged();
}

} // namespace norikv::models
