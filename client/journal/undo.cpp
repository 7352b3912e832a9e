// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/journal/undo.h"

namespace norikv::client {

namespace {

// Versions prove nothing across a restart: only the bytes say whether it is what we wrote.
bool sameBytes(const Entry& a, const Entry& b)
{
    return a.exists() == b.exists() && (!a.exists() || a.value == b.value);
}

Result<void> putBack(Store& store, Call& call, UndoReport& report)
{
    const KnownBefore known(call, report.found);
    if (!report.before.exists() || report.expired) {
        Remove remove;
        remove.key = report.before.key;
        remove.ifMatch = report.found.version;
        return store.remove(call, remove).map([](const auto&) {});
    }
    Put put;
    put.key = report.before.key;
    put.value = report.before.value;
    put.ttlMs = report.ttlMs;
    put.ifMatch = report.found.version;
    return store.put(call, put).map([](const auto&) {});
}

UndoReport::What judge(const UndoReport& report, const Entry& target)
{
    if (!sameBytes(*report.verified, target))
        return report.answerLost ? UndoReport::What::Unknown : UndoReport::What::Overtaken;
    return target.exists() ? UndoReport::What::Restored : UndoReport::What::Removed;
}

} // namespace

std::string_view name(UndoReport::What what)
{
    switch (what) {
    case UndoReport::What::Restored:
        return "restored";
    case UndoReport::What::Removed:
        return "removed";
    case UndoReport::What::AlreadyBack:
        return "already back";
    case UndoReport::What::ChangedSince:
        return "changed since";
    case UndoReport::What::Overtaken:
        return "overtaken";
    case UndoReport::What::Unknown:
        break;
    }
    return "unknown";
}

std::optional<std::uint64_t> ttlLeft(const std::optional<EpochMs>& expiresAtMs, EpochMs nowMs)
{
    if (!expiresAtMs)
        return 0;
    if (*expiresAtMs <= nowMs)
        return std::nullopt;
    return static_cast<std::uint64_t>(*expiresAtMs - nowMs);
}

std::optional<std::uint64_t> ttlLeft(const Entry& entry, const ServerClock& clock)
{
    return ttlLeft(entry.expiresAtMs, clock.nowMs(entry.provenance));
}

Result<UndoReport> undoWrite(
    Store& store, Call& call, const ServerClock& clock, const JournalEntry& write, const UndoOptions& options)
{
    if (write.kind == WriteKind::Bulk)
        return fail(ErrorKind::InvalidRequest, "a bulk job is undone from its undo file");
    if (write.kind == WriteKind::Other)
        return fail(ErrorKind::InvalidRequest, "this call changed no key: it cannot be taken back");
    if (write.status == WriteStatus::Failed)
        return fail(ErrorKind::InvalidRequest, "this write failed: there is nothing to undo");
    UndoReport report;
    report.before = write.before;
    report.wrote = write.after;
    report.wrote.version = write.kind == WriteKind::Put ? std::optional(Version{}) : std::nullopt;
    auto found = store.get(call, write.key);
    if (!found)
        return tl::unexpected(found.error());
    report.found = std::move(*found);
    report.found.key = write.key;
    Entry* const one = &report.found;
    (void)completeExpiries(store, call, clock, {&one, 1});

    const auto left = ttlLeft(report.before, clock);
    report.expired = report.before.exists() && !left;
    report.ttlMs = left.value_or(0);
    report.ttlUnknown = report.before.exists() && !report.before.expiresAtMs
        && report.before.provenance == TtlProvenance::Unknown;
    Entry target = report.before;
    if (report.expired)
        target.version.reset();
    // A write that only changed the expiry leaves the same bytes, and NoriKV does not tell the expiry.
    const bool saysItself = report.found.provenance == TtlProvenance::Server;
    const bool ttlAlone = target.exists() && sameBytes(report.wrote, target)
        && (saysItself ? report.found : report.wrote).expiresAtMs != target.expiresAtMs;
    if (sameBytes(report.found, target) && !ttlAlone) {
        report.what = UndoReport::What::AlreadyBack;
        return report;
    }
    if (!sameBytes(report.found, report.wrote) && !options.force) {
        report.what = UndoReport::What::ChangedSince;
        return report;
    }
    // The value is there: without the expiry of before, "as before" is not in our power.
    if (sameBytes(report.found, target) && report.ttlUnknown)
        return fail(ErrorKind::InvalidRequest, "how long it lived before is not known; nothing was changed");
    call.undoes = write.id;
    const auto done = putBack(store, call, report);
    call.undoes = 0;
    if (!done) {
        const ErrorKind kind = done.error().kind;
        if (kind == ErrorKind::Conflict || kind == ErrorKind::KeyMissing) {
            // Written between our look and our write; show what it is now.
            auto now = store.get(call, write.key);
            if (!now)
                return tl::unexpected(now.error());
            report.found = std::move(*now);
            report.what = UndoReport::What::ChangedSince;
            return report;
        }
        if (kind != ErrorKind::UnknownOutcome)
            return tl::unexpected(done.error());
        report.answerLost = true;
    }
    auto verified = store.get(call, write.key);
    if (!verified) {
        report.what = UndoReport::What::Unknown;
        return report;
    }
    report.verified = std::move(*verified);
    report.what = judge(report, target);
    return report;
}

} // namespace norikv::client
