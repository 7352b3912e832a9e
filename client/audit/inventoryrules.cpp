// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/audit/inventoryrules.h"

#include <algorithm>
#include <tuple>

namespace norikv::client {

namespace {

Finding make(std::string rule, Severity severity, const Bytes& sku, std::string evidence, EpochMs at)
{
    return {std::move(rule), severity, sku, itemKey(sku), std::move(evidence), at, at};
}

std::string units(std::int64_t n) { return std::to_string(n) + (n == 1 ? " unit" : " units"); }
std::string seconds(std::int64_t ms) { return std::to_string(ms / 1000) + " s"; }

bool compares(const SkuReading& reading)
{
    return reading.readable && reading.reserved
        && (reading.dialect == Dialect::TypeScript || reading.dialect == Dialect::Python);
}

Severity unlessMoved(const SkuReading& reading, std::string& evidence)
{
    if (!reading.moved)
        return Severity::Certain;
    evidence += " The item moved while its reservations were read.";
    return Severity::Suspect;
}

} // namespace

std::optional<Finding> checkI1(const Bytes& sku, const SkuReading& reading, EpochMs nowMs)
{
    // Java stores no quantity: what is added up from its parts is I2's to judge.
    const bool noQuantity = reading.dialect == Dialect::Java;
    const bool stock = !noQuantity && reading.quantity && *reading.quantity < 0;
    const bool reserved = reading.reserved && *reading.reserved < 0;
    if (!stock && !reserved)
        return std::nullopt;
    std::string evidence = stock ? "quantity is " + std::to_string(*reading.quantity) : std::string();
    if (reserved)
        evidence += (stock ? " and reserved is " : "reserved is ") + std::to_string(*reading.reserved);
    evidence += ": below zero, as after a commit or release that was counted twice.";
    return make("I1", Severity::Certain, sku, std::move(evidence), nowMs);
}

std::optional<Finding> checkI2(const Bytes& sku, const SkuReading& reading, EpochMs nowMs)
{
    if (!reading.quantity || !reading.reserved || *reading.reserved <= *reading.quantity)
        return std::nullopt;
    return make("I2", Severity::Certain, sku,
        units(*reading.reserved) + " reserved of " + std::to_string(*reading.quantity)
            + " in stock: oversold.",
        nowMs);
}

std::optional<Finding> checkI3(
    const Bytes& sku, const SkuReading& reading, std::uint64_t ttlMs, bool ttlKnown, EpochMs nowMs)
{
    if (!compares(reading) || !reading.lastUpdatedMs || *reading.reserved <= reading.held || ttlMs == 0)
        return std::nullopt;
    const EpochMs quiet = nowMs - *reading.lastUpdatedMs;
    if (quiet <= QuietSlackMs || static_cast<std::uint64_t>(quiet - QuietSlackMs) <= ttlMs)
        return std::nullopt;
    std::string evidence = units(*reading.reserved - reading.held)
        + " are reserved for nobody: the item was last changed " + seconds(quiet)
        + " ago, and every reservation made until then ended after "
        + seconds(static_cast<std::int64_t>(ttlMs)) + (ttlKnown ? "." : ", if the pattern's default holds.");
    if (reading.reservations > 0)
        evidence += " A reservation can still be read, so the time to live may differ.";
    const bool certain = ttlKnown && reading.reservations == 0 && !reading.moved;
    return make("I3", certain ? Severity::Certain : Severity::Suspect, sku, std::move(evidence), nowMs);
}

std::optional<Finding> checkI4(const Bytes& sku, const SkuReading& reading, EpochMs nowMs)
{
    if (!compares(reading) || reading.live <= *reading.reserved)
        return std::nullopt;
    std::string evidence = "Reservations hold " + units(reading.live) + ", the item counts only "
        + std::to_string(*reading.reserved) + ": a commit or release was counted twice.";
    const Severity severity = unlessMoved(reading, evidence);
    return make("I4", severity, sku, std::move(evidence), nowMs);
}

std::optional<Finding> checkI5(const Bytes& sku, const SkuReading& reading, Coverage coverage, EpochMs nowMs)
{
    if (coverage != Coverage::Complete || !compares(reading) || *reading.reserved <= reading.held)
        return std::nullopt;
    return make("I5", Severity::Info, sku,
        units(*reading.reserved - reading.held) + " of " + std::to_string(*reading.reserved)
            + " reserved belong to no reservation that can be read: they leak once nobody settles them.",
        nowMs);
}

Finding checkI6(const OverdueReservation& reservation, EpochMs nowMs)
{
    std::string evidence = "The reservation of " + units(reservation.units) + " should have ended "
        + seconds(nowMs - reservation.atMs) + " ago and can still be read and committed.";
    if (reservation.never)
        evidence += " The server keeps no expiry for it.";
    if (!reservation.known)
        evidence += " Its time to live is the pattern's default, not known.";
    return {"I6", reservation.known ? Severity::Certain : Severity::Suspect, reservation.sku, reservation.key,
        std::move(evidence), nowMs, nowMs};
}

std::optional<Finding> checkI7(const Bytes& sku, const SkuReading& reading, EpochMs nowMs)
{
    if (!reading.itemRead || reading.itemThere || reading.reservations == 0)
        return std::nullopt;
    std::string evidence = std::to_string(reading.reservations)
        + (reading.reservations == 1 ? " reservation of " : " reservations of ") + units(reading.held)
        + " name an item that does not exist.";
    const Severity severity = unlessMoved(reading, evidence);
    return Finding{"I7", severity, sku, reading.firstReservation, std::move(evidence), nowMs, nowMs};
}

std::optional<Finding> checkI8(const StockRun& run)
{
    const std::int64_t missing = run.initial - run.quantity - run.sold; // quantity = available + reserved
    if (missing >= 0 && missing <= run.unknown)
        return std::nullopt;
    return make("I8", Severity::Certain, run.sku,
        "Of " + units(run.initial) + " at first " + std::to_string(run.sold) + " were sold and "
            + std::to_string(run.quantity) + " are left: " + units(missing < 0 ? -missing : missing)
            + (missing < 0 ? " too many." : " are missing."),
        run.endedMs);
}

Finding checkI9(const Bytes& key, EpochMs nowMs)
{
    const auto id = idOfReservationKey(key);
    const auto sku = skuOfItemKey(key);
    const bool colon = id ? id->find(':') != Bytes::npos : true;
    std::string evidence = sku ? "The SKU contains a colon: its key could be taken for another kind."
        : colon ? "The reservation's id contains a colon: its key could be taken for another kind."
                : "An item's value is stored under a reservation's key: a SKU begins with reservation:.";
    return {"I9", Severity::Suspect, sku ? *sku : id.value_or(key), key, std::move(evidence), nowMs, nowMs};
}

std::vector<Finding> judgeInventory(const InventoryReading& reading, EpochMs nowMs)
{
    std::vector<Finding> out;
    const auto judge = [&](const Bytes& sku, const SkuReading& one) {
        auto finding = checkI7(sku, one, nowMs);
        if (!finding && one.readable) {
            finding = checkI1(sku, one, nowMs);
            if (!finding)
                finding = checkI2(sku, one, nowMs);
            if (!finding)
                finding = checkI4(sku, one, nowMs);
            if (!finding)
                finding = checkI3(sku, one, reading.ttlMs, reading.ttlKnown, nowMs);
            if (!finding)
                finding = checkI5(sku, one, reading.coverage, nowMs);
        }
        if (finding)
            out.push_back(std::move(*finding));
    };
    for (const auto& [sku, one] : reading.skus)
        judge(sku, one);
    for (const OverdueReservation& reservation : reading.overdue)
        out.push_back(checkI6(reservation, nowMs));
    for (const Bytes& key : reading.oddKeys)
        out.push_back(checkI9(key, nowMs));
    std::ranges::sort(out, [](const Finding& a, const Finding& b) {
        return std::tie(a.subject, a.rule, a.key) < std::tie(b.subject, b.rule, b.key);
    });
    return out;
}

} // namespace norikv::client
