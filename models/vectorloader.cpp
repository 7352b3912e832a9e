// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/vectorloader.h"

#include "client/patterns/recommendation.h"
#include "client/patterns/semanticsearch.h"
#include "client/vectors/crawl.h"
#include "client/vectors/readvectors.h"

#include <algorithm>
#include <map>

namespace norikv::models {

namespace {

using client::Call;
using client::ErrorKind;
using client::Result;
using client::Store;

constexpr std::size_t InFlight = 64;
constexpr std::size_t Batch = 4096; // vectors asked for at once: between two of them a cancel is looked for
/// Metadata read one by one where it cannot be listed: every key may open a shard there.
constexpr std::size_t MostMetasAsked = 2'000;

using Rows = std::map<std::string, VectorRow>; // by id: byte order

/// The document stores words for these, so a vector without any is an orphan.
bool hasWords(const std::string& index)
{
    return index == client::DocumentIndex || index == client::ProductIndex;
}

SharedSnapshot made(const client::VectorIndex& index, Rows rows)
{
    auto snapshot = std::make_shared<VectorSnapshot>();
    snapshot->index = index;
    snapshot->matrix.dimensions = index.dimensions;
    snapshot->matrix.ids.reserve(rows.size());
    snapshot->matrix.values.reserve(rows.size() * index.dimensions);
    snapshot->metas.reserve(rows.size());
    for (auto& [id, row] : rows) {
        snapshot->rowOf.emplace(id, static_cast<std::uint32_t>(snapshot->matrix.rows()));
        snapshot->matrix.append(id, row.vector);
        snapshot->metas.push_back(std::move(row.meta));
    }
    snapshot->index.count = snapshot->matrix.rows();
    return snapshot;
}

std::shared_ptr<VectorSnapshot> writable(const SharedSnapshot& fresh)
{
    return std::const_pointer_cast<VectorSnapshot>(fresh); // made here and shown to nobody yet
}

Rows rowsOf(const VectorSnapshot& snapshot)
{
    Rows rows;
    for (std::size_t i = 0; i < snapshot.matrix.rows(); ++i) {
        const auto values = snapshot.matrix.row(i);
        rows.emplace_hint(rows.end(), snapshot.matrix.ids[i],
            VectorRow{snapshot.matrix.ids[i], {values.begin(), values.end()}, snapshot.metas[i], 0});
    }
    return rows;
}

Result<void> readRows(Store& store, Call& call, const client::VectorIndex& index,
    std::span<const std::string> ids, Rows& rows, LoadMeter& meter)
{
    for (std::size_t begin = 0; begin < ids.size(); begin += Batch) {
        const auto batch = ids.subspan(begin, std::min(Batch, ids.size() - begin));
        const auto read = client::readVectors(
            store, call, index.name, batch, InFlight, [&](std::size_t at, std::vector<float> vector) {
                meter.read.fetch_add(1, std::memory_order_relaxed);
                if (vector.size() == index.dimensions)
                    rows[batch[at]] = {batch[at], std::move(vector), {}, 0};
            });
        if (!read)
            return read;
    }
    return {};
}

/// What the scan of all metadata found.
struct ScannedMetas {
    bool scanned = false; ///< false = the server cannot scan
    std::map<std::string, VectorMeta> byId;
};

Result<ScannedMetas> scanMetas(Store& store, Call& call, client::VectorMetaKind kind)
{
    ScannedMetas metas;
    client::ScanRequest request;
    request.prefix = client::vectorMetaPrefix(kind);
    const auto scanned = store.scan(call, request, [&](client::ScanBatch batch) {
        for (const auto& entry : batch.entries) {
            if (const auto id = client::vectorOfMetaKey(kind, entry.key))
                metas.byId[*id] = client::parseVectorMeta(kind, entry.value).value_or(VectorMeta());
        }
        return true;
    });
    if (scanned)
        metas.scanned = true;
    else if (scanned.error().kind != ErrorKind::Unsupported)
        return tl::unexpected(scanned.error());
    return metas;
}

Result<void> addMetas(Store& store, Call& call, VectorSnapshot& snapshot)
{
    const auto metas = scanMetas(store, call, client::metaKindOf(snapshot.index.name));
    if (!metas)
        return tl::unexpected(metas.error());
    const auto& ids = snapshot.matrix.ids;
    if (metas->scanned) {
        for (std::size_t i = 0; i < ids.size(); ++i) {
            const auto found = metas->byId.find(ids[i]);
            snapshot.metas[i] = found == metas->byId.end() ? VectorMeta() : found->second;
        }
        snapshot.metasRead = ids.size();
        if (hasWords(snapshot.index.name) && snapshot.complete()) {
            for (const auto& [id, meta] : metas->byId) {
                if (!snapshot.rowOf.contains(id))
                    snapshot.orphanMetas.push_back(id);
            }
        }
    } else {
        snapshot.metasRead = std::min(ids.size(), MostMetasAsked);
        auto read = readMetas(store, call, snapshot.index.name,
            {ids.begin(), ids.begin() + static_cast<std::ptrdiff_t>(snapshot.metasRead)});
        if (!read)
            return tl::unexpected(read.error());
        std::ranges::move(*read, snapshot.metas.begin());
    }
    for (std::size_t i = 0; i < snapshot.metasRead && hasWords(snapshot.index.name); ++i) {
        if (!snapshot.metas[i].stored)
            snapshot.orphanVectors.push_back(ids[i]);
    }
    return {};
}

struct FoundRows {
    Rows rows;
    client::Coverage coverage = client::Coverage::Complete;
    std::optional<double> estimate;
};

Result<FoundRows> listedRows(Store& store, Call& call, const LoadRequest& request, LoadMeter& meter)
{
    std::vector<std::string> ids;
    const auto listed
        = store.listVectorIds(call, request.index.name, {}, 0, [&](std::vector<std::string> batch) {
              std::ranges::move(batch, std::back_inserter(ids));
              return true;
          });
    if (!listed)
        return tl::unexpected(listed.error());
    FoundRows found;
    if (request.base && request.base->index.dimensions == request.index.dimensions) {
        std::vector<std::string> fresh;
        for (auto& id : ids) {
            const auto row = request.base->find(id);
            if (!row) {
                fresh.push_back(std::move(id));
                continue;
            }
            const auto values = request.base->matrix.row(*row);
            found.rows.emplace(
                id, VectorRow{id, {values.begin(), values.end()}, request.base->metas[*row], 0});
        }
        ids = std::move(fresh);
    }
    meter.total = ids.size();
    if (const auto read = readRows(store, call, request.index, ids, found.rows, meter); !read)
        return tl::unexpected(read.error());
    return found;
}

Result<FoundRows> crawledRows(Store& store, Call& call, const LoadRequest& request, LoadMeter& meter)
{
    meter.crawling = true;
    std::vector<std::string> known = request.known;
    if (request.base)
        known.insert(known.end(), request.base->matrix.ids.begin(), request.base->matrix.ids.end());
    auto crawled = client::crawl(
        store, call, request.index, known, {}, [&](std::size_t vectors) { meter.read = vectors; });
    if (!crawled)
        return tl::unexpected(crawled.error());
    FoundRows found;
    found.coverage = client::Coverage::KnownKeys;
    found.estimate = crawled->estimate;
    for (auto& vector : crawled->vectors)
        found.rows.emplace(vector.id, VectorRow{vector.id, std::move(vector.values), {}, 0});
    return found;
}

} // namespace

Result<std::vector<VectorMeta>> readMetas(
    Store& store, Call& call, const std::string& index, const std::vector<std::string>& ids)
{
    const auto kind = client::metaKindOf(index);
    std::vector<client::Bytes> keys;
    for (const auto& id : ids)
        keys.push_back(client::vectorMetaKey(kind, id));
    std::vector<VectorMeta> metas(ids.size());
    const auto read = store.getMany(call, keys, InFlight, [&](std::size_t at, Result<client::Entry> entry) {
        if (entry && entry->exists())
            metas[at] = client::parseVectorMeta(kind, entry->value).value_or(VectorMeta());
    });
    if (!read)
        return tl::unexpected(read.error());
    return metas;
}

Result<SharedSnapshot> loadVectors(Store& store, Call& call, const LoadRequest& request, LoadMeter& meter)
{
    auto found = listedRows(store, call, request, meter);
    if (!found && found.error().kind == ErrorKind::Unsupported)
        found = crawledRows(store, call, request, meter);
    if (!found)
        return tl::unexpected(found.error());
    const auto snapshot = writable(made(request.index, std::move(found->rows)));
    snapshot->coverage = found->coverage;
    snapshot->estimatedRows = found->estimate;
    if (const auto added = addMetas(store, call, *snapshot); !added)
        return tl::unexpected(added.error());
    return SharedSnapshot(snapshot);
}

SharedSnapshot patched(
    const VectorSnapshot& base, const std::vector<VectorRow>& came, const std::vector<std::string>& gone)
{
    Rows rows = rowsOf(base);
    for (const auto& row : came) {
        if (row.vector.size() == base.index.dimensions)
            rows[row.id] = row;
    }
    for (const auto& id : gone)
        rows.erase(id);
    const auto snapshot = writable(made(base.index, std::move(rows)));
    snapshot->coverage = base.coverage;
    snapshot->estimatedRows = base.estimatedRows;
    snapshot->metasRead = std::min(base.metasRead, snapshot->matrix.rows());
    if (base.metasRead == base.matrix.rows())
        snapshot->metasRead = snapshot->matrix.rows();
    for (std::size_t i = 0; i < snapshot->metasRead && hasWords(base.index.name); ++i) {
        if (!snapshot->metas[i].stored)
            snapshot->orphanVectors.push_back(snapshot->matrix.ids[i]);
    }
    for (const auto& id : base.orphanMetas) {
        if (!snapshot->rowOf.contains(id))
            snapshot->orphanMetas.push_back(id);
    }
    return snapshot;
}

} // namespace norikv::models
