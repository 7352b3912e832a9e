// SPDX-License-Identifier: GPL-3.0-or-later
#include "sandbox/vectordraft.h"

#include "sandbox/keyspace.h"

#include <algorithm>
#include <cmath>

namespace norikv::sandbox {

namespace {

using Op = VectorWrite::Op;

auto refused(VectorError::Kind kind, std::string text)
{
    return tl::unexpected(VectorError{kind, std::move(text)});
}

auto unknown(const std::string& index)
{
    return refused(VectorError::Kind::NotFound, "Vector namespace '" + index + "' not found");
}

} // namespace

VectorDraft::VectorDraft(const VectorCatalogue& catalogue, EpochMs now)
    : m_catalogue(catalogue)
    , m_now(now)
    , m_version(catalogue.lastVersion)
    , m_number(catalogue.lastNumber)
{
}

VectorResult VectorDraft::add(const VectorWrite& write)
{
    std::string name;
    if (!write.idempotencyKey.empty()) {
        name = static_cast<char>(write.op) + write.idempotencyKey;
        if (const auto here = m_answers.find(name); here != m_answers.end()) {
            return VectorAnswer{here->second, {0, m_version}};
        }
        if (const auto* known = m_catalogue.idempotency.find(name, m_now)) {
            return VectorAnswer{known->index != 0, {0, m_version}};
        }
    }
    const auto changed = decide(write);
    if (!changed) {
        return tl::unexpected(changed.error());
    }
    m_version += *changed ? 1 : 0;
    if (!name.empty()) {
        m_answers.emplace(name, *changed);
    }
    return VectorAnswer{*changed, {0, m_version}};
}

VectorDraft::Decision VectorDraft::decide(const VectorWrite& write)
{
    switch (write.op) {
    case Op::Create:
        return create(write);
    case Op::Drop:
        return drop(write);
    case Op::Insert:
        return insert(write);
    case Op::Delete:
        break;
    }
    return remove(write);
}

VectorDraft::Decision VectorDraft::create(const VectorWrite& write)
{
    if (!write.distance) {
        return refused(VectorError::Kind::Invalid, "Distance function must be specified");
    }
    const VectorParameters wanted{write.dimensions, *write.distance, write.type};
    if (const auto* index = m_catalogue.look(write.index)) {
        if (index->vectors->parameters() == wanted) {
            return false;
        }
        return refused(VectorError::Kind::Invalid,
            "Vector namespace '" + write.index + "' already exists with other dimensions, distance or type");
    }
    m_batch.push_back(vectorIndexRow(write.index, ++m_number, wanted));
    m_created.emplace(write.index, NumberedIndex{m_number, std::make_shared<VectorIndex>(wanted)});
    return true;
}

VectorDraft::Decision VectorDraft::drop(const VectorWrite& write)
{
    if (m_catalogue.look(write.index) == nullptr) {
        return false;
    }
    // Its vectors are many and nobody sees them any more: they are swept later.
    m_batch.push_back({vectorRowKey(vectorrow::index, write.index), std::nullopt});
    m_dropped = write.index;
    return true;
}

VectorDraft::Decision VectorDraft::insert(const VectorWrite& write)
{
    const auto* index = m_catalogue.look(write.index);
    if (index == nullptr) {
        return unknown(write.index);
    }
    const std::size_t dimensions = index->vectors->parameters().dimensions;
    if (write.values.size() != dimensions) {
        return refused(VectorError::Kind::Invalid,
            "Vector dimension mismatch: expected " + std::to_string(dimensions) + ", got "
                + std::to_string(write.values.size()));
    }
    const auto broken
        = std::ranges::find_if_not(write.values, [](float value) { return std::isfinite(value); });
    if (broken != write.values.end()) {
        return refused(VectorError::Kind::Invalid,
            "Invalid vector: value " + std::to_string(broken - write.values.begin()) + " is not finite");
    }
    auto row = vectorRow(index->number, write.id, write.values);
    m_exists[row.key] = true;
    m_batch.push_back(std::move(row));
    m_changes[write.index].push_back({&write.id, &write.values});
    return true;
}

VectorDraft::Decision VectorDraft::remove(const VectorWrite& write)
{
    const auto* index = m_catalogue.look(write.index);
    if (index == nullptr) {
        return unknown(write.index);
    }
    auto key = vectorRowKey(index->number, write.id);
    const auto here = m_exists.find(key);
    if (!(here != m_exists.end() ? here->second : index->vectors->contains(write.id))) {
        return false;
    }
    m_exists[key] = false;
    m_batch.push_back({std::move(key), std::nullopt});
    m_changes[write.index].push_back({&write.id, nullptr});
    return true;
}

void VectorDraft::finish(Batch& batch)
{
    if (m_version != m_catalogue.lastVersion) {
        m_batch.push_back(vectorCountersRow(m_version, m_number));
    }
    m_surplus = m_catalogue.idempotency.surplus(m_now, m_answers.size());
    for (const auto& name : m_surplus) {
        m_batch.push_back({vectorRowKey(vectorrow::idempotency, name), std::nullopt});
    }
    for (const auto& [name, changed] : m_answers) {
        m_batch.push_back({vectorRowKey(vectorrow::idempotency, name),
            numberText(static_cast<std::uint64_t>(m_now)) + numberText(changed ? 1 : 0)});
    }
    std::ranges::move(m_batch, std::back_inserter(batch));
}

void VectorDraft::applyTo(VectorCatalogue& catalogue)
{
    if (m_created) {
        catalogue.add(m_created->first, m_created->second);
    }
    if (m_dropped) {
        catalogue.remove(*m_dropped);
    }
    for (const auto& [name, changes] : m_changes) {
        catalogue.look(name)->vectors->apply(changes);
    }
    for (const auto& name : m_surplus) {
        catalogue.idempotency.erase(name);
    }
    for (const auto& [name, changed] : m_answers) {
        catalogue.idempotency.add(name, {0, changed ? 1U : 0U}, m_now);
    }
    catalogue.lastVersion = m_version;
    catalogue.lastNumber = m_number;
}

} // namespace norikv::sandbox
