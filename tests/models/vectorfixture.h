// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/vectorfeed.h"

#include "client/embed/hashing.h"
#include "client/patterns/semanticsearch.h"
#include "tests/models/feedfixture.h"

#include <gtest/gtest.h>

#include <cmath>

namespace norikv::test {

/// The vectors panel's feed over a store in memory, with a small index of documents.
struct VectorBench : Bench {
    std::shared_ptr<client::HashingEmbedder> embedder = std::make_shared<client::HashingEmbedder>(64);
    std::unique_ptr<models::VectorFeed> feed;
    std::vector<models::Outcome> outcomes;
    models::EntryFollower::KnownKeys known;
    client::Call call;

    ~VectorBench() { feed.reset(); }

    /// Two-dimensional vectors on an arc: neighbours in order of their angle, `id` "p0", "p1" ...
    void arc(const std::string& name, int count, client::Distance distance = client::Distance::Cosine)
    {
        ASSERT_TRUE(store.createVectorIndex(call, {name, 2, distance, client::IndexType::Hnsw, 0}));
        for (int i = 0; i < count; ++i) {
            const float angle = 0.01F * static_cast<float>(i * (i + 1)) / 2; // no two gaps are equal
            ASSERT_TRUE(store.insertVector(
                call, name, {"p" + std::to_string(i), {std::cos(angle), std::sin(angle)}}));
        }
    }
    void documents(const std::vector<std::pair<std::string, std::string>>& texts)
    {
        client::SemanticSearch engine(store, *embedder);
        ASSERT_TRUE(engine.initialize(call));
        for (const auto& [id, text] : texts)
            ASSERT_TRUE(engine.indexDocument(call, id, "Title " + id, text));
    }
    void start()
    {
        store.forget();
        open();
        feed = std::make_unique<models::VectorFeed>(*dispatcher, *connection, clock, known);
        feed->setEmbedder(embedder);
        QObject::connect(feed.get(), &models::VectorFeed::acted, feed.get(),
            [this](const models::Outcome& outcome) { outcomes.push_back(outcome); });
        feed->setWatched(true);
    }
    /// Started, and the vectors of the first index read.
    void load()
    {
        start();
        ASSERT_TRUE(loaded());
    }
    bool loaded()
    {
        return waitFor([this] { return feed->load().state == models::FeedState::Ready; });
    }
    bool rows(std::size_t count)
    {
        return waitFor([this, count] { return feed->snapshot()->matrix.rows() == count; });
    }
    bool acted(std::size_t count)
    {
        return waitFor([this, count] { return outcomes.size() >= count; });
    }
    std::string said() const { return outcomes.empty() ? "" : outcomes.back().text.toStdString(); }
};

} // namespace norikv::test
