// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/stockbook.h"

#include <algorithm>
#include <cctype>
#include <limits>
#include <tuple>

namespace norikv::models {

namespace {

using client::Bytes;

constexpr std::size_t MostFindings = 500; // a longer list tells nothing more; the board filters the rest

/// Everything is counted anew each time: that takes 20 ms for 50,000 records.
EpochMs judgeEvery(std::size_t records) { return records < 5000 ? 200 : records < 50'000 ? 1000 : 5000; }

EpochMs endOf(const ReservationRow& row)
{
    return row.reading.expiry.atMs.value_or(std::numeric_limits<EpochMs>::max());
}

bool endsSooner(const ReservationRow& a, const ReservationRow& b)
{
    return std::tuple(endOf(a), std::string_view(a.key)) < std::tuple(endOf(b), std::string_view(b.key));
}

SheetView<StockRow>::Less lessBy(StockOrder order)
{
    return [order](const StockRow& a, const StockRow& b) {
        const auto number = [](std::optional<std::int64_t> n, std::int64_t none) { return n.value_or(none); };
        const auto reserved = [&](const StockRow& row) {
            return row.reading.item ? number(row.reading.item->reserved, -1) : -1;
        };
        switch (order) {
        case StockOrder::WorstFirst:
            if (a.wrong.empty() != b.wrong.empty())
                return !a.wrong.empty();
            if (!a.wrong.empty() && a.worst != b.worst)
                return a.worst < b.worst;
            break;
        case StockOrder::FewestAvailable: {
            constexpr auto Last = std::numeric_limits<std::int64_t>::max();
            if (number(a.available(), Last) != number(b.available(), Last))
                return number(a.available(), Last) < number(b.available(), Last);
            break;
        }
        case StockOrder::MostReserved:
            if (reserved(a) != reserved(b))
                return reserved(a) > reserved(b);
            break;
        case StockOrder::Sku:
            break;
        }
        return a.key < b.key;
    };
}

bool contains(std::string_view text, std::string_view part)
{
    const auto lower = [](char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); };
    return std::search(text.begin(), text.end(), part.begin(), part.end(), [&](char a, char b) {
        return lower(a) == b;
    }) != text.end();
}

/// What a person would see change.
auto looks(const StockRow& row)
{
    const auto& item = row.reading.item;
    return std::tuple(row.reading.there, row.reading.version, item ? item->quantity : std::nullopt,
        item ? item->reserved : std::nullopt, row.reservations, row.held, row.leaked, row.worst,
        std::string_view(row.wrong));
}

} // namespace

StockBook::StockBook(client::Profile profile, std::shared_ptr<Queue> queue)
    : m_profile(std::move(profile))
    , m_queue(std::move(queue))
    , m_reservations(endsSooner)
    , m_rows(lessBy(StockOrder::WorstFirst))
{
    choose({});
}

void StockBook::put(const client::Entry& entry, const FollowStatus&)
{
    m_dirty = true;
    if (const auto sku = client::skuOfItemKey(entry.key)) {
        m_items.insert_or_assign(*sku, client::readItem(entry));
        return;
    }
    if (!client::idOfReservationKey(entry.key))
        return;
    const auto setHere = m_setHere.find(entry.key);
    m_reservations.put({entry.key,
        client::readReservation(entry,
            setHere == m_setHere.end() ? std::nullopt : std::optional(setHere->second),
            client::declaredTtl(m_profile, entry.key))});
}

void StockBook::gone(const Bytes& key, Gone, const FollowStatus&)
{
    m_dirty = true;
    if (const auto sku = client::skuOfItemKey(key)) {
        // Known to be missing: reservations that name it are I7.
        client::Entry missing;
        missing.key = key;
        m_items.insert_or_assign(*sku, client::readItem(missing));
    }
    m_reservations.erase(key);
    m_setHere.erase(key);
}

void StockBook::listed(const std::function<bool(std::string_view)>& listed, const FollowStatus&)
{
    m_dirty = true;
    std::erase_if(m_items, [&](const auto& item) { return !listed(item.second.key); });
    m_reservations.eraseIf([&](const ReservationRow& row) { return !listed(row.key); });
}

std::vector<Bytes> StockBook::alsoAsk() const
{
    std::vector<Bytes> keys;
    m_reservations.each([&](const ReservationRow& row) {
        if (row.reading.counts() && !m_items.contains(row.reading.reservation->sku))
            keys.push_back(client::itemKey(row.reading.reservation->sku));
    });
    std::ranges::sort(keys);
    keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
    return keys;
}

void StockBook::setFilter(StockFilter filter)
{
    if (filter.text.empty() && !filter.onlyWrong) {
        m_rows.setFilter({});
        return;
    }
    m_rows.setFilter([filter = std::move(filter)](const StockRow& row) {
        return (!filter.onlyWrong || !row.wrong.empty())
            && (filter.text.empty() || contains(row.reading.sku, filter.text));
    });
}

void StockBook::setOrder(StockOrder order) { m_rows.setOrder(lessBy(order)); }

void StockBook::choose(const Bytes& sku)
{
    m_chosen = sku;
    m_reservations.setFilter([sku](const ReservationRow& row) {
        return row.reading.reservation && row.reading.reservation->sku == sku;
    });
}

std::vector<Bytes> StockBook::leaking() const
{
    std::vector<std::pair<std::int64_t, Bytes>> order;
    m_rows.each([&](const StockRow& row) {
        if (row.leaked > 0)
            order.emplace_back(-row.leaked, row.reading.sku);
    });
    std::ranges::sort(order);
    std::vector<Bytes> out;
    for (auto& [units, sku] : order)
        out.push_back(std::move(sku));
    return out;
}

std::vector<Bytes> StockBook::reservationsOf(const Bytes& sku) const
{
    std::vector<Bytes> keys;
    m_reservations.each([&](const ReservationRow& row) {
        if (row.reading.reservation && row.reading.reservation->sku == sku)
            keys.push_back(row.key);
    });
    std::ranges::sort(keys);
    return keys;
}

void StockBook::place(const Bytes& sku, const client::SkuReading& sums, EpochMs nowMs)
{
    StockRow row;
    row.key = client::itemKey(sku);
    if (const auto item = m_items.find(sku); item != m_items.end()) {
        row.reading = item->second;
    } else {
        row.reading.key = row.key;
        row.reading.sku = sku;
    }
    row.reservations = sums.reservations;
    row.held = sums.held;
    const auto& item = row.reading.item;
    if (item && item->hasReservations() && item->reserved)
        row.leaked = m_leaks.take(
            sku, std::max<std::int64_t>(0, *item->reserved - sums.held), row.available().value_or(0), nowMs);
    if (const auto wrong = m_wrong.find(sku); wrong != m_wrong.end()) {
        row.wrong = wrong->second.first;
        row.worst = wrong->second.second;
    }
    const StockRow* before = m_rows.find(row.key);
    if (!before || looks(*before) != looks(row))
        m_rows.put(std::move(row));
}

void StockBook::judge(const FollowStatus& status)
{
    const EpochMs since = status.nowMs - m_judgedMs;
    // Time alone ends reservations and makes an item quiet.
    if (m_judgedMs != 0
        && (since < judgeEvery(m_items.size() + m_reservations.size()) || (!m_dirty && since < 1000)))
        return;
    m_judgedMs = status.nowMs;
    m_dirty = false;
    auto reading = client::emptyReading(m_profile);
    for (const auto& [sku, item] : m_items)
        client::count(reading, item);
    m_reservations.each(
        [&](const ReservationRow& row) { client::count(reading, row.reading, status.nowMs); });
    client::completed(reading, status.coverage);
    m_findings = client::judgeInventory(reading, status.nowMs);

    m_wrong.clear();
    for (const auto& finding : m_findings) {
        if (finding.severity == client::Severity::Info)
            continue; // I5 is what every reservation in flight looks like
        auto& [rules, worst]
            = m_wrong.try_emplace(finding.subject, std::string(), client::Severity::Info).first->second;
        if (rules.find(finding.rule) == std::string::npos)
            rules += (rules.empty() ? "" : " ") + finding.rule;
        worst = std::min(worst, finding.severity);
    }
    m_totals = {};
    m_totals.items = reading.items;
    m_totals.reservations = reading.reservations;
    for (const auto& [sku, sums] : reading.skus) {
        const bool shown = sums.itemThere || sums.reservations > 0;
        if (shown)
            place(sku, sums, status.nowMs);
    }
    m_rows.eraseIf([&](const StockRow& row) {
        const auto sums = reading.skus.find(row.reading.sku);
        const bool away
            = sums == reading.skus.end() || (!sums->second.itemThere && sums->second.reservations == 0);
        if (away)
            m_leaks.forget(row.reading.sku);
        return away;
    });
    m_rows.each([&](const StockRow& row) {
        m_totals.available += std::max<std::int64_t>(0, row.available().value_or(0));
        if (row.reading.item)
            m_totals.reserved += std::max<std::int64_t>(0, row.reading.item->reserved.value_or(0));
        m_totals.leaked += row.leaked;
        m_totals.wrong += row.wrong.empty() ? 0 : 1;
    });
    if (m_findings.size() > MostFindings)
        m_findings.resize(MostFindings);
}

void StockBook::publish(const FollowStatus& status)
{
    judge(status);
    auto piece = std::make_shared<StockPiece>();
    piece->items = m_rows.publish();
    piece->chosen = m_chosen;
    piece->reservations = m_reservations.publish();
    piece->totals = m_totals;
    piece->leak = m_leaks.history(m_chosen);
    piece->findings = m_standing.update(m_findings, status.nowMs);
    std::vector<std::shared_ptr<const StockPiece>> chunk;
    chunk.push_back(std::move(piece));
    m_queue->push(std::move(chunk));
}

} // namespace norikv::models
