// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/result.h"
#include "client/vectors.h"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace norikv::test {

/// The vectors of FakeStore: exact, by the definitions of wire-contract 5.3. Not thread-safe.
class FakeVectors {
public:
    client::Result<bool> create(const client::VectorIndex& index);
    bool drop(const std::string& name);
    client::Result<void> insert(const std::string& name, const client::NamedVector& vector);
    client::Result<bool> erase(const std::string& name, const std::string& id);
    /// Never gives an id of `hidden`: how an approximate index misses a neighbour.
    client::Result<client::VectorMatches> search(
        const client::VectorSearch& search, const std::set<std::string>& hidden) const;
    client::Result<std::optional<std::vector<float>>> get(
        const std::string& name, const std::string& id) const;
    std::vector<client::VectorIndex> indexes() const;
    client::Result<std::vector<std::string>> ids(
        const std::string& name, const std::string& startAfter, std::uint64_t limit) const;

private:
    struct Index {
        client::VectorIndex info;
        std::map<std::string, std::vector<float>> vectors;
    };
    client::Result<const Index*> find(const std::string& name) const;

    std::map<std::string, Index> m_indexes;
};

} // namespace norikv::test
