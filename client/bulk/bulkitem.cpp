// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/bulk/bulkitem.h"

#include "client/bulk/undoreader.h"
#include "client/journal/undo.h"
#include "client/placement.h"

#include <unordered_set>

namespace norikv::client {

namespace {

constexpr std::size_t BatchBytes = 8 * 1024 * 1024; ///< of values that came from a file

class KeySource final : public BulkSource {
public:
    explicit KeySource(const BulkRequest& request)
        : m_request(request)
    {
    }

    Result<std::vector<BulkItem>> next(std::size_t most) override
    {
        std::vector<BulkItem> batch;
        std::unordered_set<std::string_view> keys;
        for (; m_at < m_request.keys.size() && batch.size() < most; ++m_at) {
            const Bytes& key = m_request.keys[m_at];
            if (!keys.insert(key).second)
                break;
            BulkItem item;
            item.key = key;
            if (m_request.action == BulkAction::Clone) {
                item.source = key;
                item.key = cloneTarget(m_request, key);
                if (item.key.size() > MaxKeyBytes)
                    item.broken = "the new key would have " + std::to_string(item.key.size()) + " bytes";
            }
            batch.push_back(std::move(item));
        }
        return batch;
    }

private:
    const BulkRequest& m_request;
    std::size_t m_at = 0;
};

/// Over an ImportReader or an UndoReader.
template <class Reader> class FileSource final : public BulkSource {
public:
    FileSource(Reader reader, Bytes onlyPrefix)
        : m_reader(std::move(reader))
        , m_onlyPrefix(std::move(onlyPrefix))
    {
    }

    Result<std::vector<BulkItem>> next(std::size_t most) override
    {
        std::vector<BulkItem> batch;
        std::unordered_set<Bytes> keys;
        std::size_t bytes = 0;
        while (batch.size() < most && bytes < BatchBytes) {
            if (!m_ahead) {
                auto row = m_reader.next();
                if (!row)
                    return tl::unexpected(row.error());
                if (!*row)
                    break;
                if ((*row)->record && !(*row)->record->entry.key.starts_with(m_onlyPrefix))
                    continue;
                m_ahead = itemFrom(std::move(**row));
            }
            if (m_ahead->record && !keys.insert(m_ahead->key).second)
                break;
            bytes += m_ahead->record ? m_ahead->record->entry.value.size() : 0;
            batch.push_back(std::move(*m_ahead));
            m_ahead.reset();
        }
        return batch;
    }

private:
    static BulkItem itemFrom(ImportRow row)
    {
        BulkItem item;
        item.line = row.line;
        if (row.record) {
            item.key = row.record->entry.key;
            item.record = std::move(*row.record);
        } else {
            item.broken = row.record.error().message;
        }
        return item;
    }

    Reader m_reader;
    const Bytes m_onlyPrefix;
    std::optional<BulkItem> m_ahead;
};

BulkDecision skip(std::string why)
{
    BulkDecision decision;
    decision.reason = std::move(why);
    return decision;
}

BulkDecision refuse(std::string why)
{
    BulkDecision decision = skip(std::move(why));
    decision.what = BulkDecision::Do::Fail;
    return decision;
}

/// Whoever writes between our read and our write makes it fail, where the server checks.
BulkDecision put(const Entry& now, const Bytes& key, const Bytes& value, std::uint64_t ttlMs)
{
    BulkDecision decision;
    decision.what = BulkDecision::Do::Put;
    decision.put.key = key;
    decision.put.value = value;
    decision.put.ttlMs = ttlMs;
    decision.put.ifMatch = now.version;
    decision.left = LeftBehind{false, keyHash(value)};
    return decision;
}

BulkDecision remove(const Entry& now, const Bytes& key)
{
    BulkDecision decision;
    decision.what = BulkDecision::Do::Remove;
    decision.remove.key = key;
    decision.remove.ifMatch = now.version;
    decision.left = LeftBehind{true, 0};
    return decision;
}

/// What the value had left of its life is worked out when it is sent.
void keepExpiry(BulkDecision& decision, const Entry& from)
{
    decision.expiresAtMs = from.expiresAtMs;
    decision.told = from.provenance;
}

BulkDecision decideCopy(const BulkRequest& request, const NdjsonRecord& record, const Bytes& key,
    const Entry& now, const ServerClock& clock)
{
    if (!record.hasValue)
        return skip("the line has no value");
    auto ttl = request.keepTtl ? ttlLeft(record.entry, clock) : std::optional<std::uint64_t>(0);
    if (!ttl && request.expired == OnExpired::Skip)
        return skip("its expiry is over");
    if (now.exists() && request.existing == OnExisting::Skip)
        return skip("the key exists");
    // Versions may be renumbered by a restart of the server: then this skips too much, which harms nothing.
    if (request.existing == OnExisting::OnlyIfUnchanged && now.version != record.entry.version)
        return skip(
            now.exists() ? "the key was changed since the export" : "the key is gone since the export");
    BulkDecision decision = put(now, key, record.entry.value, ttl.value_or(0));
    if (ttl && *ttl != 0)
        keepExpiry(decision, record.entry);
    return decision;
}

BulkDecision decideUndo(const BulkRequest& request, const NdjsonRecord& record, const Bytes& key,
    const Entry& now, const ServerClock& clock)
{
    const auto ttl = ttlLeft(record.entry, clock);
    const bool wanted = record.hasValue && (ttl || request.expired == OnExpired::WithoutExpiry);
    const std::uint64_t nowHash = now.exists() ? keyHash(now.value) : 0;
    const bool ours = record.left
        && (record.left->missing ? !now.exists() : now.exists() && nowHash == record.left->hash);
    const bool same = wanted ? now.exists() && now.value == record.entry.value : !now.exists();
    const bool onlyTtl = same && wanted && ours; // what changed the expiry left the same bytes
    if (same && !onlyTtl)
        return skip("it is as before already");
    // What is there may never have been touched: without the expiry of before, "as before" is not in our
    // power.
    if (onlyTtl && !record.entry.expiresAtMs && record.entry.provenance == TtlProvenance::Unknown)
        return refuse("how long it lived before is not known; nothing was changed");
    if (!ours && request.existing != OnExisting::Overwrite)
        return refuse("something else is there now");
    if (!wanted)
        return remove(now, key);
    BulkDecision decision = put(now, key, record.entry.value, ttl.value_or(0));
    if (ttl && *ttl != 0)
        keepExpiry(decision, record.entry);
    return decision;
}

} // namespace

namespace {

template <class Reader> Result<std::unique_ptr<BulkSource>> openFile(const BulkRequest& request)
{
    auto reader = Reader::open(request.file);
    if (!reader)
        return tl::unexpected(reader.error());
    return std::make_unique<FileSource<Reader>>(std::move(*reader), request.onlyPrefix);
}

} // namespace

Result<std::unique_ptr<BulkSource>> openSource(const BulkRequest& request)
{
    if (request.action == BulkAction::Import)
        return openFile<ImportReader>(request);
    if (request.action == BulkAction::Undo)
        return openFile<UndoReader>(request);
    return std::make_unique<KeySource>(request);
}

BulkDecision decide(
    const BulkRequest& request, const BulkItem& item, const Entry& now, const ServerClock& clock)
{
    if (!item.broken.empty())
        return refuse(item.broken);
    switch (request.action) {
    case BulkAction::Delete:
        return now.exists() ? remove(now, item.key) : skip("it is gone already");
    case BulkAction::SetTtl:
        return now.exists() ? put(now, item.key, now.value, request.ttlMs) : skip("it is gone");
    case BulkAction::Clone:
    case BulkAction::Import:
        return item.record ? decideCopy(request, *item.record, item.key, now, clock) : skip("it is gone");
    case BulkAction::Undo:
        break;
    }
    return item.record ? decideUndo(request, *item.record, item.key, now, clock) : skip("it is gone");
}

} // namespace norikv::client
