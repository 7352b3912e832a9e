// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/patterns/compareandset.h"

#include "client/patterns/createifabsent.h"

namespace norikv::client {

namespace {

/// Done, or lost to another writer with the reason.
struct Try {
    bool won = false;
    std::string note;
};

Result<Try> write(Store& store, Call& call, const Entry& entry, const CasNext& next)
{
    if (!entry.exists()) {
        const auto there = createIfAbsent(store, call, entry.key, *next.value, next.ttlMs);
        if (!there)
            return tl::unexpected(there.error());
        return Try{there->value == *next.value, "another writer created the key"};
    }
    Put put;
    put.key = entry.key;
    put.value = *next.value;
    put.ttlMs = next.ttlMs;
    put.ifMatch = entry.version;
    const KnownBefore known(call, entry);
    const auto written = store.put(call, put);
    if (written)
        return Try{true, {}};
    const ErrorKind kind = written.error().kind;
    if (kind == ErrorKind::Conflict || kind == ErrorKind::KeyMissing)
        return Try{false, kind == ErrorKind::Conflict ? "another writer was first" : "the key went away"};
    return tl::unexpected(written.error());
}

} // namespace

Result<CasResult> compareAndSet(Store& store, Call& call, const Bytes& key, const CasLoop& loop,
    const std::function<Result<CasNext>(const Entry&)>& next)
{
    for (int attempt = 0; attempt < loop.policy.attempts; ++attempt) {
        auto entry = store.get(call, key);
        if (!entry)
            return tl::unexpected(entry.error());
        entry->key = key;
        auto wanted = next(*entry);
        if (!wanted)
            return tl::unexpected(wanted.error());
        CasResult result{std::move(*entry), {}, attempt + 1};
        if (!wanted->value)
            return result;
        const auto tried = write(store, call, result.before, *wanted);
        if (!tried)
            return tl::unexpected(tried.error());
        CasAttempt told{attempt + 1, result.before.version, tried->won, {}, tried->note};
        const bool again = !tried->won && attempt + 1 < loop.policy.attempts;
        if (again)
            told.wait = loop.policy.delay(attempt);
        if (loop.tell)
            loop.tell(told);
        if (tried->won) {
            result.after = std::move(wanted->value);
            return result;
        }
        if (again && !loop.sleep(told.wait, call.stop))
            return fail(ErrorKind::Cancelled, "stopped between two attempts; nothing was written");
    }
    return fail(ErrorKind::Contended,
        "all " + std::to_string(loop.policy.attempts) + " attempts on " + printable(key)
            + " met another writer");
}

} // namespace norikv::client
