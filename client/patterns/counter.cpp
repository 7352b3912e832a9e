// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/patterns/counter.h"

#include "client/patterns/createifabsent.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <random>

namespace norikv::client {

namespace {

constexpr std::string_view ShardMark = ":shard:";
constexpr std::size_t ReadsInFlight = 64;

bool allDigits(std::string_view text)
{
    return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

tl::unexpected<Error> notACounter(const Entry& entry)
{
    return fail(ErrorKind::BadData,
        printable(entry.key) + " holds \"" + printable(std::string_view(entry.value).substr(0, 64))
            + "\", which is not an integer; it was left as it is");
}

} // namespace

std::optional<std::int64_t> parseCounter(std::string_view text)
{
    const std::string_view digits = text.starts_with('-') ? text.substr(1) : text;
    if (!allDigits(digits) || digits.size() > 19)
        return std::nullopt;
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size())
        return std::nullopt;
    return value;
}

std::optional<ShardKey> parseShardKey(std::string_view key)
{
    const auto mark = key.rfind(ShardMark);
    if (mark == std::string_view::npos || mark == 0)
        return std::nullopt;
    const std::string_view digits = key.substr(mark + ShardMark.size());
    if (!allDigits(digits) || digits.size() > 9 || (digits.size() > 1 && digits.front() == '0'))
        return std::nullopt;
    ShardKey shard;
    shard.counter = Bytes(key.substr(0, mark));
    std::from_chars(digits.data(), digits.data() + digits.size(), shard.index);
    return shard;
}

Bytes shardKey(std::string_view counter, std::uint32_t index)
{
    return Bytes(counter) + std::string(ShardMark) + std::to_string(index);
}

Counter::Counter(Store& store, Bytes key, CasPolicy policy, Sleeper sleeper)
    : m_store(store)
    , m_key(std::move(key))
    , m_policy(std::move(policy))
    , m_sleep(std::move(sleeper))
{
}

Result<std::int64_t> Counter::initialize(Call& call)
{
    const auto entry = createIfAbsent(m_store, call, m_key, "0");
    if (!entry)
        return tl::unexpected(entry.error());
    const auto value = parseCounter(entry->value);
    if (!value)
        return notACounter(*entry);
    return *value;
}

Result<std::int64_t> Counter::get(Call& call)
{
    const auto entry = m_store.get(call, m_key);
    if (!entry)
        return tl::unexpected(entry.error());
    if (!entry->exists())
        return fail(ErrorKind::KeyMissing, printable(m_key) + " does not exist");
    const auto value = parseCounter(entry->value);
    if (!value)
        return notACounter(*entry);
    return *value;
}

template <class Next>
Result<CounterChange> Counter::change(Call& call, bool anyValue, int* attemptsOut, const Next& next)
{
    for (int attempt = 0; attempt < m_policy.attempts; ++attempt) {
        if (attemptsOut)
            *attemptsOut = attempt + 1;
        const auto entry = createIfAbsent(m_store, call, m_key, "0");
        if (!entry)
            return tl::unexpected(entry.error());
        const auto before = parseCounter(entry->value);
        if (!before && !anyValue)
            return notACounter(*entry);
        const std::optional<std::int64_t> after = next(before.value_or(0));
        if (!after)
            return fail(ErrorKind::InvalidRequest, "the result would leave the range of a 64-bit integer");
        Put put;
        put.key = m_key;
        put.value = std::to_string(*after);
        put.ifMatch = entry->version;
        if (entry->expiresAtMs)
            return fail(ErrorKind::BadData,
                printable(m_key)
                    + " expires, and a counter's write would drop that; open it in the inspector");
        const KnownBefore known(call, *entry);
        const auto written = m_store.put(call, put);
        if (written)
            return CounterChange{before.value_or(0), *after, attempt + 1, 0};
        // KeyMissing: deleted between Get and Put; the next round creates it again.
        if (written.error().kind != ErrorKind::Conflict && written.error().kind != ErrorKind::KeyMissing)
            return tl::unexpected(written.error());
        if (attempt + 1 < m_policy.attempts && !m_sleep(m_policy.delay(attempt), call.stop))
            return fail(ErrorKind::Cancelled, "stopped between two attempts; nothing was written");
    }
    return fail(ErrorKind::Contended,
        printable(m_key) + ": all " + std::to_string(m_policy.attempts) + " attempts met another writer");
}

Result<CounterChange> Counter::add(Call& call, std::int64_t delta, int* attemptsOut)
{
    return change(call, false, attemptsOut, [delta](std::int64_t before) -> std::optional<std::int64_t> {
        std::int64_t after = 0;
        if (__builtin_add_overflow(before, delta, &after))
            return std::nullopt;
        return after;
    });
}

Result<CounterChange> Counter::set(Call& call, std::int64_t value, bool evenIfNotInteger)
{
    return change(call, evenIfNotInteger, nullptr, [value](std::int64_t) { return std::optional(value); });
}

ShardedCounter::ShardedCounter(
    Store& store, Bytes name, std::uint32_t shards, CasPolicy policy, Sleeper sleeper)
    : m_store(store)
    , m_name(std::move(name))
    , m_shards(std::max<std::uint32_t>(shards, 1))
    , m_policy(std::move(policy))
    , m_sleep(std::move(sleeper))
{
}

Counter ShardedCounter::shard(std::uint32_t index) const
{
    return Counter(m_store, shardKey(m_name, index), m_policy, m_sleep);
}

Result<void> ShardedCounter::initialize(Call& call)
{
    for (std::uint32_t i = 0; i < m_shards; ++i) {
        if (const auto made = shard(i).initialize(call); !made)
            return tl::unexpected(made.error());
    }
    return {};
}

Result<CounterChange> ShardedCounter::add(Call& call, std::int64_t delta, int* attemptsOut)
{
    thread_local std::minstd_rand random{std::random_device{}()};
    const auto index = std::uniform_int_distribution<std::uint32_t>(0, m_shards - 1)(random);
    auto change = shard(index).add(call, delta, attemptsOut);
    if (change)
        change->shardIndex = index;
    return change;
}

Result<ShardedTotal> ShardedCounter::get(Call& call)
{
    std::vector<Bytes> keys;
    for (std::uint32_t i = 0; i < m_shards; ++i)
        keys.push_back(shardKey(m_name, i));
    ShardedTotal total;
    total.shards.assign(keys.size(), fail(ErrorKind::Cancelled, "not read"));
    const auto read = m_store.getMany(call, keys, ReadsInFlight,
        [&](std::size_t index, Result<Entry> entry) { total.shards[index] = std::move(entry); });
    if (!read)
        return tl::unexpected(read.error());
    for (const auto& entry : total.shards) {
        const auto value = entry && entry->exists() ? parseCounter(entry->value) : std::nullopt;
        if (value && __builtin_add_overflow(total.total, *value, &total.total))
            return fail(ErrorKind::BadData,
                "the shards of " + printable(m_name) + " add up to more than a 64-bit integer holds");
        if (value)
            continue;
        if (!entry || entry->exists())
            ++total.unreadable;
    }
    return total;
}

Result<std::vector<Entry>> ShardedCounter::findHidden(Call& call)
{
    constexpr std::uint32_t missesToStop = 8;
    std::vector<Entry> hidden;
    std::uint32_t misses = 0;
    for (std::uint32_t i = m_shards; misses < missesToStop; ++i) {
        auto entry = m_store.get(call, shardKey(m_name, i));
        if (!entry)
            return tl::unexpected(entry.error());
        if (entry->exists()) {
            misses = 0;
            hidden.push_back(std::move(*entry));
        } else {
            ++misses;
        }
    }
    return hidden;
}

Result<ShardedCounter::MergePlan> ShardedCounter::planMerge(Call& call)
{
    auto all = get(call);
    if (!all)
        return tl::unexpected(all.error());
    MergePlan plan;
    plan.total = all->total;
    for (std::uint32_t i = 1; i < m_shards; ++i) {
        auto& entry = all->shards[i];
        if (!entry)
            return tl::unexpected(entry.error());
        if (!entry->exists())
            continue;
        const auto value = parseCounter(entry->value);
        if (!value)
            return notACounter(*entry);
        if (*value != 0)
            plan.sources.push_back(std::move(*entry));
    }
    return plan;
}

Result<std::int64_t> ShardedCounter::merge(Call& call, const MergePlan& plan)
{
    Counter target = shard(plan.into);
    std::int64_t moved = 0;
    for (const Entry& source : plan.sources) {
        const std::int64_t amount = parseCounter(source.value).value_or(0);
        if (amount == std::numeric_limits<std::int64_t>::min())
            return fail(ErrorKind::InvalidRequest, printable(source.key) + " cannot be moved in one step");
        if (auto added = target.add(call, amount); !added) {
            if (added.error().kind == ErrorKind::UnknownOutcome)
                added.error().message += "; " + std::to_string(amount) + " may be counted twice";
            return tl::unexpected(added.error());
        }
        const auto taken = Counter(m_store, source.key, m_policy, m_sleep).add(call, -amount);
        if (!taken) {
            // Taking the addition back after an unknown outcome could lose the count altogether.
            const bool undone
                = taken.error().kind != ErrorKind::UnknownOutcome && target.add(call, -amount).has_value();
            return fail(taken.error().kind,
                printable(source.key) + " could not be emptied: " + taken.error().message
                    + (undone ? "; the addition was taken back"
                              : "; " + std::to_string(amount)
                                + " may be counted twice until it is emptied by hand"),
                taken.error().detail);
        }
        moved += amount;
    }
    return moved;
}

} // namespace norikv::client
