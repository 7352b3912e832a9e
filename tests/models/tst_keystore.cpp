// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/keylistmodel.h"
#include "models/keytreemodel.h"
#include "models/keyview.h"
#include "tests/models/keyfixture.h"
#include "tests/models/waiting.h"

#include <gmock/gmock.h>

#include <map>
#include <random>

using namespace norikv;
using namespace norikv::models;
using test::chunkOf;
using test::keyRow;
using test::keysOf;
using test::putOf;
using test::removalOf;

TEST(KeyStore, KeepsRowsInByteOrderAcrossChunks)
{
    KeyStore store;
    store.append(chunkOf({"a", "a:1", std::string("a\0b", 3)}));
    store.append(chunkOf({"b", "b:1", "\xFF"}));
    EXPECT_EQ(store.size(), 6u);
    EXPECT_EQ(store.lastKey(), "\xFF");
    EXPECT_EQ(store.lowerBound("b"), 3u);
    EXPECT_EQ(store.lowerBound("a:"), 1u);
    EXPECT_EQ(store.endOfPrefix("b"), 5u);
    EXPECT_EQ(store.endOfPrefix("\xFF"), 6u);
    EXPECT_TRUE(store.find("b:1"));
    EXPECT_FALSE(store.find("b:"));
}

TEST(KeyStore, KeepsEveryColumn)
{
    KeyStore store;
    KeyRow row = keyRow("session:1", 77, 4242, 1'700'000'000'123);
    row.version.term = 3;
    row.flags = FavouriteFlag;
    row.provenance = client::TtlProvenance::SetHere;
    auto chunk = std::make_unique<KeyChunk>();
    chunk->add(keyRow("a"));
    chunk->add(row);
    chunk->seal();
    store.append(std::move(chunk));
    const KeyRow read = store.row(*store.find("session:1"));
    EXPECT_EQ(read.key, "session:1");
    EXPECT_EQ(read.version, (client::Version{3, 77}));
    EXPECT_EQ(read.size, 4242u);
    EXPECT_EQ(read.expiresAtMs, 1'700'000'000'123);
    EXPECT_EQ(read.provenance, client::TtlProvenance::SetHere);
    EXPECT_EQ(read.kind, client::KeyKind::Session);
    EXPECT_EQ(read.flags, FavouriteFlag);
    EXPECT_EQ(store.row(*store.find("a")).version, (client::Version{0, 1}));
}

TEST(KeyStore, CostsLittleMoreThanTheRawColumns)
{
    KeyStore store;
    constexpr std::size_t rows = 40 * KeyChunk::Capacity;
    for (std::size_t i = 0; i < rows;) {
        auto chunk = std::make_unique<KeyChunk>();
        for (; !chunk->full(); ++i)
            chunk->add(keyRow("key:" + std::to_string(100'000'000'000 + i)));
        chunk->seal();
        store.append(std::move(chunk));
    }
    // Raw is key + 20 bytes (P15); with the order and before any view.
    EXPECT_LE(static_cast<double>(store.heapBytes()) / rows, 1.5 * 36);
}

TEST(KeyStore, UsesTheSlotsOfRemovedKeysAgain)
{
    const auto store = std::make_shared<KeyStore>();
    KeyView view(store);
    view.append(chunkOf({"a:1", "a:2"}));
    std::size_t before = 0;
    for (int round = 0; round < 2000; ++round) {
        const std::string key = "b:" + std::to_string(1000 + round);
        view.apply({putOf(key)}, {});
        view.apply({removalOf(key)}, {});
        if (round == 10)
            before = store->heapBytes();
    }
    EXPECT_EQ(view.size(), 2u);
    EXPECT_EQ(store->heapBytes(), before);
}

namespace {

struct Known {
    std::uint64_t version = 0;
    std::uint32_t size = 0;
    EpochMs expires = 0;
};
using Reference = std::map<std::string, Known>;

/// What the reference says a view with this filter and order shows.
std::vector<std::string> expected(const Reference& reference, const KeyFilter& filter, KeyOrder order)
{
    std::vector<std::pair<std::string, Known>> rows;
    for (const auto& row : reference) {
        const bool named
            = filter.text.isEmpty() || row.first.find(filter.text.toStdString()) != std::string::npos;
        if (named && (!filter.onlyWithoutExpiry || row.second.expires == 0))
            rows.push_back(row);
    }
    const auto number = [&](const Known& known) -> std::uint64_t {
        switch (order.by) {
        case KeyOrder::By::Size:
            return known.size;
        case KeyOrder::By::Version:
            return known.version;
        case KeyOrder::By::Expiry:
            return known.expires == 0 ? UINT64_MAX : std::uint64_t(known.expires);
        default:
            return 0;
        }
    };
    if (order.by == KeyOrder::By::Key && order.descending)
        std::ranges::reverse(rows);
    else
        std::ranges::stable_sort(rows, [&](const auto& a, const auto& b) {
            return order.descending ? number(b.second) < number(a.second)
                                    : number(a.second) < number(b.second);
        });
    std::vector<std::string> keys;
    for (const auto& row : rows)
        keys.push_back(row.first);
    return keys;
}

std::string someKey(std::mt19937& random)
{
    static const std::vector<std::string> parts{"user", "session", "a", "b", "", "x:y"};
    std::string key = parts[random() % parts.size()];
    for (auto n = random() % 3; n > 0; --n)
        key += ':' + std::to_string(random() % 40);
    return key.empty() ? std::string("e") : key;
}

void countLeaves(const QAbstractItemModel& model, const QModelIndex& parent, std::vector<std::string>& keys)
{
    for (int row = 0; row < model.rowCount(parent); ++row) {
        const auto index = model.index(row, 0, parent);
        ASSERT_EQ(model.parent(index), parent);
        if (index.data(FolderRole).toBool()) {
            const auto before = keys.size();
            countLeaves(model, index, keys);
            ASSERT_EQ(keys.size() - before, index.data(CountRole).toULongLong());
        } else {
            keys.push_back(index.data(models::KeyRole).toByteArray().toStdString());
        }
    }
}

} // namespace

/// Ten thousand random changes in batches of every size, with filters and orders that come and go, against a
/// std::map; both models are watched, and a selection must follow its keys.
TEST(KeyStoreProperty, EqualsAMapAfterTenThousandChanges)
{
    std::mt19937 random(20231114);
    const auto store = std::make_shared<KeyStore>();
    KeyView view(store);
    KeyListModel list(view);
    KeyTreeModel tree(view);
    const test::ModelWatch watchList(&list);
    const test::ModelWatch watchTree(&tree);

    Reference reference;
    std::vector<std::string> first;
    for (int i = 100; i < 400; ++i)
        first.push_back("start:" + std::to_string(i));
    view.append(chunkOf(first));
    for (const auto& key : first)
        reference[key] = {1, 10, 0};

    const std::vector<KeyOrder> orders{{}, {KeyOrder::By::Key, true}, {KeyOrder::By::Size, false},
        {KeyOrder::By::Version, true}, {KeyOrder::By::Expiry, false}};
    int done = 0;
    while (done < 10'000) {
        if (random() % 12 == 0) {
            KeyFilter filter;
            filter.text = random() % 2 == 0 ? QString() : QString::number(random() % 4);
            filter.onlyWithoutExpiry = random() % 4 == 0;
            const KeyOrder order = orders[random() % orders.size()];
            const auto matcher = KeyMatcher::make(filter);
            ASSERT_TRUE(matcher);
            view.show(*matcher, order, sorted(*store, matcher->select(*store, 0, {}), order, {}));
        }
        std::map<std::string, KeyChange> batch;
        for (auto n = 1 + (random() % 4 == 0 ? random() % 400 : random() % 8); n > 0; --n, ++done) {
            std::string key = someKey(random);
            if (random() % 3 == 0 && !reference.empty())
                key = std::next(reference.begin(), std::ptrdiff_t(random() % reference.size()))->first;
            if (random() % 3 == 0) {
                batch[key] = removalOf(key);
                reference.erase(key);
            } else {
                const Known known{random() % 1000, std::uint32_t(random() % 50), EpochMs(random() % 3)};
                batch[key] = putOf(key, known.version, known.size, known.expires);
                reference[key] = known;
            }
        }
        const auto chosen
            = view.size() == 0 ? std::string() : std::string(store->key(view.rows()[view.size() / 2]));
        const QPersistentModelIndex inList(list.indexOf(chosen));
        const QPersistentModelIndex inTree(tree.indexOf(chosen));
        std::vector<KeyChange> changes;
        for (auto& [key, change] : batch)
            changes.push_back(std::move(change));
        view.apply(std::move(changes), {});

        const auto shown = expected(reference, view.matcher().filter(), view.order());
        ASSERT_EQ(keysOf(*store, view.rows()), shown) << "after " << done;
        ASSERT_EQ(store->size(), reference.size());
        ASSERT_EQ(list.rowCount(), int(shown.size()));
        for (const auto& row : reference) {
            const KeyRow known = store->row(*store->find(row.first));
            ASSERT_EQ(known.version.index, row.second.version);
            ASSERT_EQ(known.size, row.second.size);
            ASSERT_EQ(known.expiresAtMs, row.second.expires);
        }
        const bool there = std::ranges::find(shown, chosen) != shown.end();
        ASSERT_EQ(inList.isValid(), there) << chosen;
        if (there) {
            ASSERT_EQ(inList.data(models::KeyRole).toByteArray().toStdString(), chosen);
        }
        std::vector<std::string> leaves;
        countLeaves(tree, {}, leaves);
        ASSERT_EQ(leaves, view.order().natural() ? shown : std::vector<std::string>());
        if (there && view.order().natural() && inTree.isValid()) {
            ASSERT_EQ(inTree.data(models::KeyRole).toByteArray().toStdString(), chosen);
        }
    }
}
