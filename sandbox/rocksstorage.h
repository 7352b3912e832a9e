// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sandbox/storage.h"

#include <rocksdb/db.h>

#include <filesystem>

namespace norikv::sandbox {

struct RocksTrouble;

/// Storage on RocksDB in one folder of its own. Only the files rocks* know RocksDB.
class RocksStorage final : public Storage {
public:
    /// Creates the folder (0700) if absent. Fails with one sentence when it cannot be written, is locked by
    /// another process, is damaged, or the disk is full.
    static Result<std::unique_ptr<RocksStorage>> open(const std::filesystem::path& folder);
    ~RocksStorage() override;
    RocksStorage(const RocksStorage&) = delete;
    RocksStorage& operator=(const RocksStorage&) = delete;

    Result<bool> get(std::string_view key, std::string& value) const override;
    std::unique_ptr<Snapshot> snapshot() const override;
    Result<void> commit(const Batch& batch) override;

private:
    RocksStorage(std::unique_ptr<rocksdb::DB> db, std::shared_ptr<RocksTrouble> trouble);
    bool roomToFlush() const;
    Result<void> recover();

    const std::shared_ptr<RocksTrouble> m_trouble;
    const std::unique_ptr<rocksdb::DB> m_db;
};

} // namespace norikv::sandbox
