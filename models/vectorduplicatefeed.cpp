// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/vectorduplicatefeed.h"

#include "models/text.h"

#include "client/vectors/clusters.h"
#include "client/vectors/distance.h"
#include "client/vectors/neighbourgraph.h"

#include <algorithm>
#include <cmath>
#include <thread>

namespace norikv::models {

namespace {

using client::Call;
using client::ErrorKind;
using client::Result;
using client::Store;
using Label = DuplicatePair::Label;

constexpr int TickMs = 100;
constexpr std::size_t Candidates = 10; // neighbours of each row; longer chains still meet
constexpr double BinWidth = 0.01;
constexpr std::size_t MostAnswers = 20;

std::pair<std::string, std::string> keyOf(const DuplicatePair& pair) { return {pair.a, pair.b}; }

} // namespace

struct VectorDuplicateFeed::Meter {
    std::atomic<double> share = 0;
};

/// All near pairs of a snapshot, whatever the threshold.
struct VectorDuplicateFeed::Pairs {
    struct One {
        std::uint32_t a = 0, b = 0; ///< rows, a < b
        double similarity = 0;
    };
    SharedSnapshot snapshot;
    std::vector<One> all; ///< most similar first
    std::vector<double> nearest; ///< of each row examined
};

VectorDuplicateFeed::VectorDuplicateFeed(VectorFeed& vectors, QObject* parent)
    : QObject(parent)
    , m_vectors(vectors)
{
    m_ticking.setInterval(TickMs);
    connect(&m_ticking, &QTimer::timeout, this, [this] {
        m_progress = m_meter->share;
        if (!computing())
            m_ticking.stop();
        Q_EMIT progressChanged();
    });
    connect(&vectors, &VectorFeed::snapshotChanged, this, [this] {
        if (m_watched)
            compute();
    });
    connect(&vectors, &VectorFeed::chosenChanged, this, [this] {
        m_job.cancel();
        m_showJob.cancel();
        m_pairs.reset();
        m_view.reset();
        m_labels.clear();
        Q_EMIT changed();
    });
}

VectorDuplicateFeed::~VectorDuplicateFeed() = default;

void VectorDuplicateFeed::setWatched(bool watched)
{
    if (std::exchange(m_watched, watched) == watched || !watched)
        return;
    if (!m_pairs || m_pairs->snapshot != m_vectors.snapshot())
        compute();
}

void VectorDuplicateFeed::compute()
{
    const auto snapshot = m_vectors.snapshot();
    m_meter = std::make_shared<Meter>();
    m_progress = 0;
    m_ticking.start();
    m_job = m_vectors.dispatcher().run(
        this,
        [snapshot, meter = m_meter](const std::stop_token& stop) {
            const auto& matrix = snapshot->matrix;
            const auto by = snapshot->index.distance;
            const auto graph = client::neighbourGraph(matrix, by, Candidates,
                std::max(1U, std::thread::hardware_concurrency()), stop,
                [&meter](double share) { meter->share = share; });
            auto pairs = std::make_shared<Pairs>();
            pairs->snapshot = snapshot;
            for (std::uint32_t at = 0; at < graph.size() && graph.k > 0; ++at) {
                double nearest = -1;
                for (std::size_t i = 0; i < graph.k; ++i) {
                    const auto [a, b] = std::minmax({graph.rows[at], graph.rows[graph.of(at)[i]]});
                    if (a == b)
                        continue;
                    const float apart = by == client::Distance::Cosine
                        ? graph.distancesOf(at)[i]
                        : distance(client::Distance::Cosine, matrix.row(a).data(), matrix.row(b).data(),
                            matrix.dimensions);
                    const double similarity = 1.0 - static_cast<double>(apart);
                    nearest = std::max(nearest, similarity);
                    pairs->all.push_back({a, b, similarity});
                }
                pairs->nearest.push_back(nearest);
            }
            std::ranges::sort(pairs->all, [](const Pairs::One& x, const Pairs::One& y) {
                return std::tie(y.similarity, x.a, x.b) < std::tie(x.similarity, y.a, y.b);
            });
            // Each pair is met from both ends.
            const auto same = std::ranges::unique(pairs->all,
                [](const Pairs::One& x, const Pairs::One& y) { return x.a == y.a && x.b == y.b; });
            pairs->all.erase(same.begin(), same.end());
            return pairs;
        },
        [this](const std::shared_ptr<Pairs>& pairs) {
            m_pairs = pairs;
            m_progress = 1;
            show();
        });
    Q_EMIT changed();
}

void VectorDuplicateFeed::setThreshold(double threshold)
{
    m_threshold = std::clamp(threshold, -1.0, 1.0);
    show();
}

void VectorDuplicateFeed::show()
{
    if (!m_pairs)
        return;
    m_showJob = m_vectors.dispatcher().run(
        this,
        [pairs = m_pairs, labels = m_labels, threshold = m_threshold](const std::stop_token&) {
            const auto& ids = pairs->snapshot->matrix.ids;
            auto view = std::make_shared<DuplicateView>();
            view->snapshot = pairs->snapshot;
            view->threshold = threshold;
            view->examined = pairs->nearest.size();
            view->width = BinWidth;
            if (!pairs->nearest.empty()) {
                const double least = *std::ranges::min_element(pairs->nearest);
                view->from = std::floor(least / BinWidth) * BinWidth;
                const auto bins = static_cast<std::size_t>(std::lround((1 - view->from) / BinWidth));
                view->counts.assign(std::max<std::size_t>(bins, 1), 0);
                for (const double one : pairs->nearest) {
                    const auto bin = static_cast<std::size_t>(std::max(0.0, (one - view->from) / BinWidth));
                    ++view->counts[std::min(bin, view->counts.size() - 1)];
                }
            }
            std::vector<client::RowPair> near;
            for (const auto& one : pairs->all) {
                if (one.similarity < threshold)
                    break;
                near.emplace_back(one.a, one.b);
                DuplicatePair pair{ids[one.a], ids[one.b], one.similarity, Label::None};
                if (const auto label = labels.find(keyOf(pair)); label != labels.end())
                    pair.label = label->second.label;
                view->pairs.push_back(std::move(pair));
            }
            for (const auto& cluster : client::chained(ids.size(), near)) {
                view->rowsInClusters += cluster.size();
                auto& named = view->clusters.emplace_back();
                for (const auto row : cluster)
                    named.push_back(ids[row]);
            }
            for (const auto& [key, pair] : labels) {
                if (pair.similarity >= threshold) {
                    view->labelledDuplicates += pair.label == Label::Duplicates ? 1 : 0;
                    view->labelledDifferent += pair.label == Label::Different ? 1 : 0;
                }
            }
            if (const auto labelled = view->labelledDuplicates + view->labelledDifferent; labelled > 0)
                view->precision
                    = static_cast<double>(view->labelledDuplicates) / static_cast<double>(labelled);
            return view;
        },
        [this](const std::shared_ptr<DuplicateView>& view) {
            m_view = view;
            Q_EMIT changed();
        });
}

void VectorDuplicateFeed::label(const DuplicatePair& pair, Label label)
{
    DuplicatePair labelled = pair;
    labelled.label = label;
    m_labels[keyOf(pair)] = labelled;
    show();
}

void VectorDuplicateFeed::merge(const DuplicatePair& pair, const std::string& keep, bool confirmed)
{
    if (keep != pair.a && keep != pair.b)
        return;
    label(pair, Label::Duplicates);
    m_vectors.deleteVectors({keep == pair.a ? pair.b : pair.a}, confirmed);
}

void VectorDuplicateFeed::took(DuplicateAnswer answer)
{
    m_answers.insert(m_answers.begin(), std::move(answer));
    if (m_answers.size() > MostAnswers)
        m_answers.pop_back();
    Q_EMIT answered();
}

void VectorDuplicateFeed::check(const std::string& text)
{
    const auto embedder = m_vectors.embedder();
    const QString name = tr("Check a text");
    if (!embedder) {
        m_vectors.failed(
            name, {ErrorKind::InvalidRequest, "no embedder is chosen that makes vectors of texts", {}});
        return;
    }
    m_checkJob = m_vectors.dispatcher().run(
        this,
        [&store = m_vectors.connection().store(), embedder, text, threshold = m_threshold](
            const std::stop_token& stop) {
            Call call;
            call.stop = stop;
            call.why = "vectors";
            return client::Deduplicator(store, *embedder, threshold).check(call, text);
        },
        [this, name, text, by = embedder->name()](const Result<client::DuplicateCheck>& check) {
            if (check)
                took({text, by, *check, false});
            else
                m_vectors.failed(name, check.error());
        });
}

void VectorDuplicateFeed::checkAndStore(const std::string& id, const std::string& text)
{
    const auto embedder = m_vectors.embedder();
    const QString name = tr("Check and store %1").arg(shown(id, 60));
    if (!embedder) {
        m_vectors.failed(
            name, {ErrorKind::InvalidRequest, "no embedder is chosen that makes vectors of texts", {}});
        return;
    }
    VectorFeed::Action<client::DuplicateCheck> action;
    action.name = name;
    action.work = [embedder, id, text, threshold = m_threshold](Store& store, Call& call) {
        return client::Deduplicator(store, *embedder, threshold).checkAndStore(call, id, text);
    };
    action.said = [id](const client::DuplicateCheck& check) {
        return check.duplicate ? tr("%1 is a duplicate of %2 (similarity %3) and was not stored.")
                                     .arg(shown(id, 60), shown(check.of, 60))
                                     .arg(check.similarity, 0, 'f', 2)
                               : tr("%1 is no duplicate and is stored now.").arg(shown(id, 60));
    };
    action.repeat = [this, id, text] { checkAndStore(id, text); };
    action.check = [this, text] { check(text); };
    action.after = [this, text, by = embedder->name()](const Result<client::DuplicateCheck>& check) {
        if (check)
            took({text, by, *check, !check->duplicate});
    };
    m_vectors.act(std::move(action));
}

} // namespace norikv::models
