// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/embed/embedder.h"
#include "client/patterns/vectormeta.h"
#include "tests/models/feedfixture.h"
#include "widgets/theme.h"
#include "widgets/vectorspage.h"

#include <QLabel>
#include <QPushButton>

#include <algorithm>

namespace norikv::test {

/// Four directions: what swims, what runs, what thinks, and everything else. A text has the words' sum.
class WordEmbedder final : public client::Embedder {
public:
    std::string name() const override { return "Four words"; }
    std::uint32_t dimensions() const override { return 4; }
    client::Result<std::vector<std::vector<float>>> embed(
        std::span<const std::string> texts, const std::stop_token&) override
    {
        if (auto ok = client::checkTexts(texts); !ok)
            return tl::unexpected(ok.error());
        std::vector<std::vector<float>> vectors;
        for (const std::string& text : texts) {
            std::vector<float> vector{0, 0, 0, 0.05F};
            const auto count = [&](std::size_t at, std::initializer_list<const char*> words) {
                for (const char* word : words)
                    vector[at] += text.find(word) != std::string::npos ? 1.0F : 0.0F;
            };
            count(0, {"whale", "fish", "sea"});
            count(1, {"fox", "dog", "shoe"});
            count(2, {"achine", "learning", "neural"});
            client::normalize(vector);
            vectors.push_back(std::move(vector));
        }
        return vectors;
    }
};

/// The vectors page over a store in memory that holds what a test put there.
struct VectorBench : Bench {
    widgets::Theme theme{widgets::ThemePreference::Light};
    std::unique_ptr<models::VectorFeed> feed;
    std::unique_ptr<widgets::VectorsPage> page;

    ~VectorBench()
    {
        page.reset();
        feed.reset();
    }
    void index(const std::string& name, client::Distance distance = client::Distance::Cosine,
        client::IndexType type = client::IndexType::Hnsw)
    {
        client::Call call;
        ASSERT_TRUE(store.createVectorIndex(call, {name, 4, distance, type, 0}));
    }
    void vector(const std::string& index, const std::string& id, std::vector<float> values,
        const std::string& title = {}, const std::string& theme_ = {}, const std::string& text = {})
    {
        client::Call call;
        client::normalize(values);
        ASSERT_TRUE(store.insertVector(call, index, {id, std::move(values)}));
        if (title.empty())
            return;
        const auto kind = client::metaKindOf(index);
        const auto meta = client::writeVectorMeta(kind, {}, {true, title, text, theme_});
        ASSERT_TRUE(meta);
        store.plant(client::vectorMetaKey(kind, id), *meta);
    }
    /// Twelve documents between "swims" and "thinks", three of each theme told by their titles.
    void documents()
    {
        index("documents");
        const char* const themes[] = {"sea", "animals", "machines"};
        for (int theme_ = 0; theme_ < 3; ++theme_) {
            for (int i = 0; i < 4; ++i) {
                std::vector<float> values{0.1F, 0.1F, 0.1F, 0.05F + 0.08F * float(i)};
                values[std::size_t(theme_)] = 1;
                const std::string id = std::string(themes[theme_]) + std::to_string(i + 1);
                vector("documents", id, values, "About " + id, themes[theme_], "Some text about " + id + ".");
            }
        }
    }
    void start(bool embedder = true)
    {
        open();
        feed = std::make_unique<models::VectorFeed>(*dispatcher, *connection, clock, nullptr);
        if (embedder)
            feed->setEmbedder(std::make_shared<WordEmbedder>());
        page = std::make_unique<widgets::VectorsPage>(*feed, theme);
        page->resize(1100, 720);
        page->show();
    }
    /// Starts, and waits until the index that the page chose is read.
    void startWithDocuments()
    {
        documents();
        start();
        ASSERT_TRUE(waitFor([&] { return feed->snapshot() && feed->snapshot()->matrix.rows() == 12; }));
    }
    bool says(const QString& text)
    {
        return waitFor([&] {
            const auto labels = page->findChildren<QLabel*>();
            return std::ranges::any_of(labels,
                [&](const QLabel* label) { return label->isVisible() && label->text().contains(text); });
        });
    }
    template <class T> T& find(const char* name)
    {
        auto* found = page->findChild<T*>(QString::fromLatin1(name));
        EXPECT_NE(found, nullptr) << name;
        return *found;
    }
    QPushButton* button(const QString& caption)
    {
        for (auto* each : page->findChildren<QPushButton*>()) {
            if (each->isVisible() && each->text() == caption)
                return each;
        }
        return nullptr;
    }
};

} // namespace norikv::test
