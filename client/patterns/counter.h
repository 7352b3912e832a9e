// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/patterns/backoff.h"
#include "client/store.h"

#include <optional>
#include <string>
#include <vector>

namespace norikv::client {

/// Reads a counter's text: `-?[0-9]{1,19}` within int64 (rulings, small ones). Exponent forms and NaN are no
/// integers.
std::optional<std::int64_t> parseCounter(std::string_view text);

/// Above this a JavaScript client cannot count exactly: 2^53 - 1.
constexpr std::int64_t LargestExactInJavaScript = 9007199254740991;

struct ShardKey {
    Bytes counter;
    std::uint32_t index = 0;
};
/// `<name>:shard:<digits>`, or nothing.
std::optional<ShardKey> parseShardKey(std::string_view key);
Bytes shardKey(std::string_view counter, std::uint32_t index);

/// What one change did.
struct CounterChange {
    std::int64_t before = 0;
    std::int64_t after = 0;
    int attempts = 0; ///< compare-and-set tries; attempts - 1 of them met a conflict
    std::uint32_t shardIndex = 0; ///< of a sharded counter
};

/// One key, changed by compare-and-set on the version just read. Never an unconditional write, so no
/// acknowledged increment is lost where the server's CAS is atomic. A stored value that is no integer is
/// BadData and stays untouched. An UnknownOutcome ends the loop: repeating it could count twice.
class Counter {
public:
    Counter(Store& store, Bytes key, CasPolicy policy = CasPolicy::basicCounter(),
        Sleeper sleeper = realSleeper());

    const Bytes& key() const { return m_key; }
    /// Makes sure the key exists, `0` at first.
    Result<std::int64_t> initialize(Call& call);
    Result<std::int64_t> get(Call& call);
    /// `attemptsOut`, if given, counts tries even when the result is an error.
    Result<CounterChange> add(Call& call, std::int64_t delta, int* attemptsOut = nullptr);
    /// Replaces whatever integer is there. `evenIfNotInteger` is the person's word that other data may be
    /// overwritten.
    Result<CounterChange> set(Call& call, std::int64_t value, bool evenIfNotInteger = false);

private:
    template <class Next>
    Result<CounterChange> change(Call& call, bool anyValue, int* attemptsOut, const Next& next);

    Store& m_store;
    const Bytes m_key;
    const CasPolicy m_policy;
    const Sleeper m_sleep;
};

struct ShardedTotal {
    std::int64_t total = 0;
    std::vector<Result<Entry>> shards; ///< by index; a missing shard counts 0
    std::size_t unreadable = 0; ///< failed reads and values that are no integers
};

/// N keys `<name>:shard:<i>`; an increment picks one at random, the total is the sum.
class ShardedCounter {
public:
    ShardedCounter(Store& store, Bytes name, std::uint32_t shards,
        CasPolicy policy = CasPolicy::counterShard(), Sleeper sleeper = realSleeper());

    std::uint32_t shards() const { return m_shards; }
    /// Creates every missing shard with `0`: the documented first increment is an unconditional put, which
    /// loses concurrent ones.
    Result<void> initialize(Call& call);
    Result<CounterChange> add(Call& call, std::int64_t delta, int* attemptsOut = nullptr);
    Result<ShardedTotal> get(Call& call);

    /// Indexes at or beyond N that exist: a counter whose N was lowered under-reports for ever. Stops after
    /// eight misses in a row.
    Result<std::vector<Entry>> findHidden(Call& call);

    struct MergePlan {
        std::int64_t total = 0;
        std::vector<Entry> sources; ///< shards that will be set to 0
        std::uint32_t into = 0;
    };
    /// What merge() would do; writes nothing.
    Result<MergePlan> planMerge(Call& call);
    /// Moves every shard's count into shard 0, each by CAS: first added there, then taken off the source. A
    /// failure in between is undone or reported with the amount.
    Result<std::int64_t> merge(Call& call, const MergePlan& plan);

private:
    Counter shard(std::uint32_t index) const;

    Store& m_store;
    const Bytes m_name;
    const std::uint32_t m_shards;
    const CasPolicy m_policy;
    const Sleeper m_sleep;
};

/// Probability that a compare-and-set meets a conflict when `rate` writes per second fall on `shards` keys
/// and each keeps its window from Get to Put open for `windowSeconds`: p = 1 - exp(-rate * window / shards).
double conflictProbability(double rate, double windowSeconds, std::uint32_t shards);
/// Smallest number of shards with a conflict probability under `target`; at most 4096.
std::uint32_t advisedShards(double rate, double windowSeconds, double target = 0.05);

/// Chi-square test of an even spread: the probability that chance alone makes the shards at least this
/// uneven. Empty with fewer than two shards or too little counted (under 5 expected per shard).
std::optional<double> evennessP(const std::vector<std::int64_t>& shards);

} // namespace norikv::client
