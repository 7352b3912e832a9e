// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/demo/vectors.h"

#include "client/bulk/jsonentry.h"
#include "client/embeddedfiles.h"
#include "client/patterns/deduplication.h"
#include "client/patterns/recommendation.h"
#include "client/patterns/semanticsearch.h"

namespace norikv::client::demo {

namespace {

/// "" where the member is missing or no string, which no entry of ours has.
std::string text(const Json& object, const char* name)
{
    return takeText(object, name).value_or(std::string());
}

} // namespace

Result<DemoTexts> demoTexts()
{
    DemoTexts all;
    std::string_view rest = embeddedDemoTexts();
    while (!rest.empty()) {
        const auto end = std::min(rest.find('\n'), rest.size());
        const auto object = parseObject(rest.substr(0, end));
        rest.remove_prefix(std::min(end + 1, rest.size()));
        if (!object)
            return tl::unexpected(object.error());
        const std::string kind = text(*object, "kind");
        if (kind == "text") {
            all.texts.push_back({text(*object, "id"), text(*object, "theme"), text(*object, "title"),
                text(*object, "content"), text(*object, "near")});
        } else if (kind == "product") {
            all.products.push_back({text(*object, "id"), text(*object, "name"), text(*object, "description"),
                text(*object, "category")});
        } else if (const auto likes = object->find("likes"); likes != object->end() && likes->is_array()) {
            DemoUser user{text(*object, "id"), {}};
            for (const auto& like : *likes) {
                if (like.is_string())
                    user.likes.push_back(like.get<std::string>());
            }
            all.users.push_back(std::move(user));
        } else {
            return fail(ErrorKind::BadData, "the demo's texts hold something unknown");
        }
    }
    return all;
}

namespace {

/// Whether a vector is there already; one that cannot be asked for is an error.
Result<bool> isThere(Store& store, Call& call, const std::string& index, const std::string& id)
{
    return store.getVector(call, index, id).map([](const auto& vector) { return vector.has_value(); });
}

Result<void> seedText(
    Store& store, Call& call, SemanticSearch& search, Deduplicator& fingerprints, const DemoText& each)
{
    auto there = isThere(store, call, DocumentIndex, each.id);
    if (there && !*there) {
        const auto done = search.indexDocument(call, each.id, each.title, each.content, each.theme);
        if (!done)
            return done;
    }
    if (there)
        there = isThere(store, call, FingerprintIndex, each.id);
    if (!there)
        return tl::unexpected(there.error());
    if (*there)
        return {};
    return fingerprints.checkAndStore(call, each.id, each.content).map([](const auto&) {});
}

Result<void> seedProduct(Store& store, Call& call, Recommendation& shop, const DemoProduct& each)
{
    const auto there = isThere(store, call, ProductIndex, each.id);
    if (!there)
        return tl::unexpected(there.error());
    return *there ? Result<void>()
                  : shop.indexProduct(call, each.id, each.name, each.description, each.category);
}

Result<void> seedUser(Store& store, Call& call, const DemoUser& each)
{
    const auto there = isThere(store, call, PreferenceIndex, each.id);
    if (!there)
        return tl::unexpected(there.error());
    for (const auto& like : *there ? std::vector<std::string>() : each.likes) {
        if (const auto done = Recommendation::recordInteraction(store, call, each.id, like); !done)
            return tl::unexpected(done.error());
    }
    return {};
}

} // namespace

Result<void> seedVectors(Store& store, Call& call, Embedder& embedder, const SeedProgress& progress)
{
    const auto demo = demoTexts();
    if (!demo)
        return tl::unexpected(demo.error());
    SemanticSearch search(store, embedder);
    Recommendation shop(store, embedder);
    Deduplicator fingerprints(store, embedder);
    for (const auto& made : {search.initialize(call), shop.initialize(call), fingerprints.initialize(call)}) {
        if (!made)
            return tl::unexpected(made.error());
    }
    const std::size_t total = demo->texts.size() + demo->products.size() + demo->users.size();
    std::size_t done = 0;
    const auto step = [&](const Result<void>& result) {
        if (result && progress)
            progress(++done, total);
        return result;
    };
    for (const auto& each : demo->texts) {
        if (auto result = step(seedText(store, call, search, fingerprints, each)); !result)
            return result;
    }
    for (const auto& each : demo->products) {
        if (auto result = step(seedProduct(store, call, shop, each)); !result)
            return result;
    }
    for (const auto& each : demo->users) {
        if (auto result = step(seedUser(store, call, each)); !result)
            return result;
    }
    return {};
}

} // namespace norikv::client::demo
