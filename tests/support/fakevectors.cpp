// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/fakevectors.h"

#include <algorithm>
#include <cmath>

namespace norikv::test {

using namespace client;

namespace {

float distance(Distance by, const std::vector<float>& a, const std::vector<float>& b)
{
    double dot = 0;
    double aa = 0;
    double bb = 0;
    double apart = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        dot += double(a[i]) * b[i];
        aa += double(a[i]) * a[i];
        bb += double(b[i]) * b[i];
        apart += (double(a[i]) - b[i]) * (double(a[i]) - b[i]);
    }
    switch (by) {
    case Distance::Euclidean:
        return static_cast<float>(std::sqrt(apart));
    case Distance::InnerProduct:
        return static_cast<float>(-dot);
    case Distance::Cosine:
        break;
    }
    const double lengths = std::sqrt(aa * bb);
    return lengths < 1.1920929e-7 ? 1.0F : static_cast<float>(1 - std::clamp(dot / lengths, -1.0, 1.0));
}

Result<void> fits(std::uint32_t dimensions, const std::vector<float>& vector, const char* what)
{
    if (vector.size() != dimensions) {
        return fail(ErrorKind::InvalidRequest, "the server refused the vector or index",
            std::string(what) + " dimension mismatch: expected " + std::to_string(dimensions) + ", got "
                + std::to_string(vector.size()));
    }
    if (!std::ranges::all_of(vector, [](float x) { return std::isfinite(x); }))
        return fail(ErrorKind::InvalidRequest, "the server refused the vector or index", "Invalid vector");
    return {};
}

} // namespace

Result<const FakeVectors::Index*> FakeVectors::find(const std::string& name) const
{
    const auto found = m_indexes.find(name);
    if (found == m_indexes.end()) {
        return fail(ErrorKind::NotFound, "the server knows no such index",
            "Vector namespace '" + name + "' not found");
    }
    return &found->second;
}

Result<bool> FakeVectors::create(const VectorIndex& index)
{
    const auto [at, isNew] = m_indexes.try_emplace(index.name, Index{index, {}});
    const VectorIndex& there = at->second.info;
    if (there.dimensions != index.dimensions || there.distance != index.distance
        || there.type != index.type) {
        return fail(ErrorKind::InvalidRequest, "the server refused the vector or index",
            "Vector namespace '" + index.name + "' already exists");
    }
    return isNew;
}

bool FakeVectors::drop(const std::string& name) { return m_indexes.erase(name) > 0; }

Result<void> FakeVectors::insert(const std::string& name, const NamedVector& vector)
{
    const auto index = find(name);
    if (!index)
        return tl::unexpected(index.error());
    if (auto ok = fits((*index)->info.dimensions, vector.values, "Vector"); !ok)
        return ok;
    m_indexes[name].vectors[vector.id] = vector.values;
    return {};
}

Result<bool> FakeVectors::erase(const std::string& name, const std::string& id)
{
    return find(name).map([&](const auto*) { return m_indexes[name].vectors.erase(id) > 0; });
}

Result<VectorMatches> FakeVectors::search(
    const VectorSearch& search, const std::set<std::string>& hidden) const
{
    const auto index = find(search.index);
    if (!index)
        return tl::unexpected(index.error());
    if (auto ok = fits((*index)->info.dimensions, search.query, "Query"); !ok)
        return tl::unexpected(ok.error());
    VectorMatches found;
    found.searchTimeUs = 1;
    for (const auto& [id, vector] : (*index)->vectors) {
        if (!hidden.contains(id)) {
            found.matches.push_back({id, distance((*index)->info.distance, search.query, vector),
                search.includeVectors ? vector : std::vector<float>()});
        }
    }
    std::ranges::stable_sort(found.matches, {}, &VectorMatch::distance);
    if (found.matches.size() > search.k)
        found.matches.resize(search.k);
    return found;
}

Result<std::optional<std::vector<float>>> FakeVectors::get(
    const std::string& name, const std::string& id) const
{
    return find(name).map([&](const Index* index) {
        const auto found = index->vectors.find(id);
        return found == index->vectors.end() ? std::nullopt : std::optional(found->second);
    });
}

std::vector<VectorIndex> FakeVectors::indexes() const
{
    std::vector<VectorIndex> all;
    for (const auto& [name, index] : m_indexes) {
        all.push_back(index.info);
        all.back().count = index.vectors.size();
    }
    return all;
}

Result<std::vector<std::string>> FakeVectors::ids(
    const std::string& name, const std::string& startAfter, std::uint64_t limit) const
{
    return find(name).map([&](const Index* index) {
        std::vector<std::string> ids;
        const auto first
            = startAfter.empty() ? index->vectors.begin() : index->vectors.upper_bound(startAfter);
        for (auto at = first; at != index->vectors.end() && (limit == 0 || ids.size() < limit); ++at)
            ids.push_back(at->first);
        return ids;
    });
}

} // namespace norikv::test
