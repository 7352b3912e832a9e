// SPDX-License-Identifier: GPL-3.0-or-later
#include "sandbox/vectorcatalogue.h"

#include "sandbox/keyspace.h"

#include <algorithm>
#include <cstring>
#include <set>

namespace norikv::sandbox {

namespace {

constexpr std::size_t rowsAtOnce = 1024;

/// Calls `each(name after the two letters, value)` for all vector rows of a kind, until it says false.
template <class Each> Result<void> forEach(const Snapshot& snapshot, char kind, Each&& each)
{
    const std::string prefix = vectorRowKey(kind, {});
    const auto cursor = snapshot.seek(prefix);
    for (; cursor->valid() && cursor->key().starts_with(prefix); cursor->next()) {
        if (!each(cursor->key().substr(prefix.size()), cursor->value())) {
            break;
        }
    }
    return cursor->status();
}

std::optional<VectorParameters> parametersOf(std::string_view row)
{
    if (row.size() != 32) {
        return std::nullopt;
    }
    VectorParameters parameters;
    parameters.dimensions = static_cast<std::uint32_t>(readNumber(row.substr(8)));
    parameters.distance = static_cast<client::Distance>(readNumber(row.substr(16)));
    parameters.type = static_cast<client::IndexType>(readNumber(row.substr(24)));
    return parameters.dimensions == 0 ? std::nullopt : std::optional(parameters);
}

Error damaged(std::string_view what) { return "a " + std::string(what) + " of the store is damaged"; }

/// Gives the vectors to their index some at a time: one lock and one look at its maps for many.
class Loader {
public:
    explicit Loader(VectorIndex& index)
        : m_index(index)
    {
    }
    void add(std::string_view id, std::vector<float> values)
    {
        m_ids.emplace_back(id);
        m_values.push_back(std::move(values));
        if (m_ids.size() == rowsAtOnce) {
            flush();
        }
    }
    void flush()
    {
        std::vector<VectorIndex::Change> changes;
        for (std::size_t i = 0; i < m_ids.size(); ++i) {
            changes.push_back({&m_ids[i], &m_values[i]});
        }
        m_index.apply(changes);
        m_ids.clear();
        m_values.clear();
    }

private:
    VectorIndex& m_index;
    std::vector<std::string> m_ids;
    std::vector<std::vector<float>> m_values;
};

Result<void> loadVectors(const Snapshot& snapshot, const NumberedIndex& index)
{
    Loader loader(*index.vectors);
    const std::string prefix = vectorRowKey(index.number, {});
    const auto cursor = snapshot.seek(prefix);
    for (; cursor->valid() && cursor->key().starts_with(prefix); cursor->next()) {
        auto values = vectorOfRow(cursor->value());
        if (!values || values->size() != index.vectors->parameters().dimensions) {
            return tl::unexpected(damaged("vector"));
        }
        loader.add(cursor->key().substr(prefix.size()), std::move(*values));
    }
    loader.flush();
    return cursor->status();
}

Result<void> loadIdempotency(const Snapshot& snapshot, IdempotencyTable& table)
{
    struct Row {
        EpochMs atMs;
        std::string name;
        std::uint64_t changed;
    };
    std::vector<Row> rows;
    const auto read
        = forEach(snapshot, vectorrow::idempotency, [&](std::string_view name, std::string_view value) {
              if (value.size() == 16) {
                  rows.push_back({static_cast<EpochMs>(readNumber(value)), std::string(name),
                      readNumber(value.substr(8))});
              }
              return true;
          });
    std::ranges::sort(rows, {}, &Row::atMs);
    for (const auto& entry : rows) {
        table.add(entry.name, {0, entry.changed}, entry.atMs);
    }
    return read;
}

} // namespace

Result<void> VectorCatalogue::load(const Storage& storage)
{
    const auto snapshot = storage.snapshot();
    bool whole = true;
    auto read = forEach(*snapshot, vectorrow::counters, [&](std::string_view, std::string_view value) {
        whole = value.size() == 16;
        if (whole) {
            lastVersion = readNumber(value);
            lastNumber = readNumber(value.substr(8));
        }
        return whole;
    });
    if (read && whole) {
        read = forEach(*snapshot, vectorrow::index, [&](std::string_view name, std::string_view value) {
            const auto parameters = parametersOf(value);
            whole = parameters.has_value();
            if (whole) {
                add(std::string(name), {readNumber(value), std::make_shared<VectorIndex>(*parameters)});
            }
            return whole;
        });
    }
    if (!whole) {
        return tl::unexpected(damaged("description of a vector index"));
    }
    for (const auto& [name, index] : m_indexes) {
        read = read ? loadVectors(*snapshot, index) : read;
    }
    return read ? loadIdempotency(*snapshot, idempotency) : read;
}

NumberedIndex VectorCatalogue::find(const std::string& name) const
{
    const std::shared_lock lock(m_mutex);
    const auto found = m_indexes.find(name);
    return found == m_indexes.end() ? NumberedIndex() : found->second;
}

std::map<std::string, NumberedIndex> VectorCatalogue::all() const
{
    const std::shared_lock lock(m_mutex);
    return m_indexes;
}

const NumberedIndex* VectorCatalogue::look(const std::string& name) const
{
    const auto found = m_indexes.find(name);
    return found == m_indexes.end() ? nullptr : &found->second;
}

void VectorCatalogue::add(const std::string& name, const NumberedIndex& index)
{
    const std::unique_lock lock(m_mutex);
    m_indexes.emplace(name, index);
}

void VectorCatalogue::remove(const std::string& name)
{
    const std::unique_lock lock(m_mutex);
    m_indexes.erase(name);
}

Mutation vectorIndexRow(const std::string& name, std::uint64_t number, const VectorParameters& parameters)
{
    return {vectorRowKey(vectorrow::index, name),
        numberText(number) + numberText(parameters.dimensions)
            + numberText(static_cast<std::uint64_t>(parameters.distance))
            + numberText(static_cast<std::uint64_t>(parameters.type))};
}

Mutation vectorRow(std::uint64_t number, const std::string& id, std::span<const float> values)
{
    std::string bytes(values.size_bytes(), '\0');
    std::memcpy(bytes.data(), values.data(), values.size_bytes());
    return {vectorRowKey(number, id), std::move(bytes)};
}

std::optional<std::vector<float>> vectorOfRow(std::string_view row)
{
    if (row.empty() || row.size() % sizeof(float) != 0) {
        return std::nullopt;
    }
    std::vector<float> values(row.size() / sizeof(float));
    std::memcpy(values.data(), row.data(), row.size());
    return values;
}

Mutation vectorCountersRow(std::uint64_t lastVersion, std::uint64_t lastNumber)
{
    return {vectorRowKey(vectorrow::counters, {}), numberText(lastVersion) + numberText(lastNumber)};
}

Result<std::vector<std::string>> strayVectorRows(
    const Storage& storage, const VectorCatalogue& catalogue, std::size_t limit)
{
    const auto snapshot = storage.snapshot(); // before the names: an index made meanwhile has no rows in it
    std::set<std::uint64_t> numbers;
    for (const auto& [name, index] : catalogue.all()) {
        numbers.insert(index.number);
    }
    const std::string prefix = vectorRowKey(vectorrow::vector, {});
    std::vector<std::string> stray;
    auto cursor = snapshot->seek(prefix);
    while (cursor->valid() && cursor->key().starts_with(prefix) && stray.size() < limit) {
        const auto rest = cursor->key().substr(prefix.size());
        const auto number = rest.size() < 8 ? 0 : readNumber(rest);
        if (numbers.contains(number)) { // on to the next index
            cursor = snapshot->seek(vectorRowKey(number + 1, {}));
        } else {
            stray.emplace_back(cursor->key());
            cursor->next();
        }
    }
    if (const auto read = cursor->status(); !read) {
        return tl::unexpected(read.error());
    }
    return stray;
}

} // namespace norikv::sandbox
