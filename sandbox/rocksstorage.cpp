// SPDX-License-Identifier: GPL-3.0-or-later
#include "sandbox/rocksstorage.h"

#include "sandbox/rockslogger.h"
#include "sandbox/rockstrouble.h"

#include <rocksdb/cache.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/table.h>

#include <sys/stat.h>
#include <sys/statvfs.h>

namespace norikv::sandbox {

namespace {

rocksdb::Slice slice(std::string_view text) { return {text.data(), text.size()}; }

std::string_view view(const rocksdb::Slice& text) { return {text.data(), text.size()}; }

rocksdb::Options makeOptions(std::shared_ptr<RocksTrouble> trouble)
{
    rocksdb::Options options;
    options.create_if_missing = true;
    options.info_log = std::make_shared<RocksLogger>();
    options.listeners.push_back(std::move(trouble));
    options.paranoid_checks = true;
    // Small, because the log that a restart replays is about this long.
    options.write_buffer_size = 16U << 20U;
    options.max_background_jobs = 2;
    // A torn last record is what a crash leaves; damage anywhere else in the log must be said, not skipped.
    options.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
    options.track_and_verify_wals_in_manifest = true;
    options.keep_log_file_num = 1;
    rocksdb::BlockBasedTableOptions table;
    table.block_size = 16U << 10U; // fewer blocks to check and unpack in a scan
    table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
    table.block_cache = rocksdb::NewLRUCache(32U << 20U);
    options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
    return options;
}

Error openError(const rocksdb::Status& status, const std::filesystem::path& folder)
{
    const std::string where = folder.string();
    const std::string words = status.ToString();
    if (words.find("lock") != std::string::npos && status.IsIOError()) {
        return where + " is in use by another sandbox; stop it or choose another --data-dir";
    }
    if (status.IsNoSpace() || words.find("No space left") != std::string::npos) {
        return "The disk of " + where + " is full; free some space and start again (" + words + ")";
    }
    if (words.find("Permission denied") != std::string::npos
        || words.find("Read-only") != std::string::npos) {
        return where + " cannot be written; choose another --data-dir (" + words + ")";
    }
    return "The store in " + where + " is damaged or not ours; restore a copy or choose another --data-dir ("
        + words + ")";
}

class RocksCursor final : public Cursor {
public:
    RocksCursor(rocksdb::DB& db, const rocksdb::Snapshot* snapshot, std::string_view from)
    {
        rocksdb::ReadOptions options;
        options.snapshot = snapshot;
        options.readahead_size = 1U << 20U;
        options.fill_cache = false; // a scan must not push out what single reads use
        m_iterator.reset(db.NewIterator(options));
        m_iterator->Seek(slice(from));
    }

    bool valid() const override { return m_iterator->Valid(); }
    std::string_view key() const override { return view(m_iterator->key()); }
    std::string_view value() const override { return view(m_iterator->value()); }
    void next() override { m_iterator->Next(); }
    Result<void> status() const override
    {
        if (const auto status = m_iterator->status(); !status.ok()) {
            return tl::unexpected(status.ToString());
        }
        return {};
    }

private:
    std::unique_ptr<rocksdb::Iterator> m_iterator;
};

Result<bool> read(
    rocksdb::DB& db, const rocksdb::Snapshot* snapshot, std::string_view key, std::string& value)
{
    rocksdb::ReadOptions options;
    options.snapshot = snapshot;
    const auto status = db.Get(options, slice(key), &value);
    if (status.ok()) {
        return true;
    }
    if (status.IsNotFound()) {
        return false;
    }
    return tl::unexpected(status.ToString());
}

class RocksSnapshot final : public Snapshot {
public:
    explicit RocksSnapshot(rocksdb::DB& db)
        : m_db(db)
        , m_held(&db)
        , m_snapshot(m_held.snapshot())
    {
    }

    Result<bool> get(std::string_view key, std::string& value) const override
    {
        return read(m_db, m_snapshot, key, value);
    }
    std::unique_ptr<Cursor> seek(std::string_view from) const override
    {
        return std::make_unique<RocksCursor>(m_db, m_snapshot, from);
    }

private:
    rocksdb::DB& m_db;
    rocksdb::ManagedSnapshot m_held;
    const rocksdb::Snapshot* const m_snapshot;
};

} // namespace

Result<std::unique_ptr<RocksStorage>> RocksStorage::open(const std::filesystem::path& folder)
{
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error || !std::filesystem::is_directory(folder, error)) {
        return tl::unexpected(folder.string()
            + " is not a folder that can be written; choose another --data-dir (" + error.message() + ")");
    }
    ::chmod(folder.c_str(), S_IRWXU); // protects the files in it, whatever the umask gives them
    auto trouble = std::make_shared<RocksTrouble>();
    rocksdb::DB* db = nullptr;
    if (const auto status = rocksdb::DB::Open(makeOptions(trouble), folder.string(), &db); !status.ok()) {
        return tl::unexpected(openError(status, folder));
    }
    return std::unique_ptr<RocksStorage>(
        new RocksStorage(std::unique_ptr<rocksdb::DB>(db), std::move(trouble)));
}

RocksStorage::RocksStorage(std::unique_ptr<rocksdb::DB> db, std::shared_ptr<RocksTrouble> trouble)
    : m_trouble(std::move(trouble))
    , m_db(std::move(db))
{
}

RocksStorage::~RocksStorage()
{
    // Everything is in the synced log already; a flush only makes the next start quick, so its failure is no
    // loss.
    if (!m_trouble->seen && roomToFlush()) {
        m_db->Flush(rocksdb::FlushOptions()).PermitUncheckedError();
    }
    m_db->Close().PermitUncheckedError();
}

bool RocksStorage::roomToFlush() const
{
    constexpr std::uint64_t margin = 1U << 20U;
    std::uint64_t inMemory = 0;
    m_db->GetIntProperty(rocksdb::DB::Properties::kCurSizeAllMemTables, &inMemory);
    struct statvfs disk { };
    return ::statvfs(m_db->GetName().c_str(), &disk) == 0
        && disk.f_bavail * disk.f_frsize > inMemory + margin;
}

Result<void> RocksStorage::recover()
{
    // Resume() flushes, and in RocksDB 7.8 it waits forever when that flush finds the disk full again.
    if (!roomToFlush()) {
        return tl::unexpected(Error("No space left on device"));
    }
    if (const auto status = m_db->Resume(); !status.ok()) {
        return tl::unexpected(status.ToString());
    }
    m_trouble->seen = false;
    return {};
}

Result<bool> RocksStorage::get(std::string_view key, std::string& value) const
{
    return read(*m_db, nullptr, key, value);
}

std::unique_ptr<Snapshot> RocksStorage::snapshot() const { return std::make_unique<RocksSnapshot>(*m_db); }

Result<void> RocksStorage::commit(const Batch& batch)
{
    if (m_trouble->seen) {
        if (const auto recovered = recover(); !recovered) {
            return recovered;
        }
    }
    rocksdb::WriteBatch rows;
    for (const auto& mutation : batch) {
        const auto status = mutation.value ? rows.Put(slice(mutation.key), slice(*mutation.value))
                                           : rows.Delete(slice(mutation.key));
        if (!status.ok()) {
            return tl::unexpected(status.ToString());
        }
    }
    rocksdb::WriteOptions options;
    options.sync = true;
    if (const auto status = m_db->Write(options, &rows); !status.ok()) {
        m_trouble->seen = true;
        return tl::unexpected(status.ToString());
    }
    return {};
}

} // namespace norikv::sandbox
