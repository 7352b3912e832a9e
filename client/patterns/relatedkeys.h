// SPDX-License-Identifier: GPL-3.0-or-later
// Where a server cannot list keys, one key still tells of others.
#pragma once

#include "client/bytes.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string_view>
#include <vector>

namespace norikv::client {

/// A run of keys that differ in a decimal number: `prefix` + first ... `prefix` + last.
struct KeyRun {
    Bytes prefix;
    std::uint64_t first = 0;
    std::uint64_t last = 0;
};

/// The keys that must exist because this one does, itself left out.
struct RelatedKeys {
    std::vector<Bytes> keys;
    std::optional<KeyRun> run;
};

/// The longest run that is written out; of a longer one the newest keys.
constexpr std::uint64_t LongestRun = 4096;

/// By the patterns' own rules (patterns.md 1 and 4): a shard of index i its shards 0..i; an event meta
/// {version: n} its events 1..n; an event its meta and the events before it; a reservation its item; tenant
/// data its tenant's metadata. Others tell nothing. Pure; a value that is not as the pattern writes it tells
/// nothing either.
RelatedKeys relatedKeys(std::string_view key, std::string_view value);

/// The keys of a run, ascending, those up to and with `after` left out.
std::vector<Bytes> keysOf(const KeyRun& run, std::optional<std::uint64_t> after = {});

/// The keys of counters that a profile names: the counter itself, or its shards where their number is
/// declared.
std::vector<Bytes> counterKeys(
    const std::vector<std::string>& counters, const std::map<std::string, std::uint32_t>& shards);

} // namespace norikv::client
