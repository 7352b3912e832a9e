// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/patterns/inventory.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace norikv::client {

namespace {

constexpr std::string_view ItemPrefix = "inventory:";
constexpr std::string_view ReservationPrefix = "inventory:reservation:";

constexpr MemberNames Sku{"sku", "sku", "SKU", "sku"};
constexpr MemberNames Quantity{"quantity", "quantity", "Quantity", {}};
constexpr MemberNames Available{{}, {}, {}, "available"};
constexpr MemberNames Reserved{"reserved", "reserved", "Reserved", "reserved"};
constexpr MemberNames LastUpdated{"lastUpdated", "last_updated", {}, {}};
constexpr MemberNames CreatedAt{"createdAt", "created_at", {}, {}};

constexpr std::array stockNames{Sku, Quantity, Reserved, LastUpdated};
constexpr std::array javaNames{Sku, Available, Reserved, LastUpdated};
constexpr std::array reservationNames{Sku, Quantity, CreatedAt};

std::optional<std::int64_t> sum(std::int64_t a, std::int64_t b)
{
    std::int64_t out = 0;
    return __builtin_add_overflow(a, b, &out) ? std::nullopt : std::optional(out);
}

/// `available` makes an item Java's only where there is no quantity.
std::span<const MemberNames> namesOf(const JsonRecord& record)
{
    if (!record.has(Quantity) && record.has(Available))
        return javaNames;
    return stockNames;
}

void sayNegative(
    std::vector<std::string>& complaints, std::string_view what, std::optional<std::int64_t> value)
{
    if (value && *value < 0)
        complaints.push_back(std::string(what) + " is " + std::to_string(*value) + ", below zero");
}

/// Takes one piece after another from the front of a text; stays false once one was not there.
class PlainText {
public:
    explicit PlainText(std::string_view text)
        : m_rest(text)
    {
    }
    PlainText& literal(std::string_view wanted)
    {
        m_good = m_good && m_rest.starts_with(wanted);
        if (m_good)
            m_rest.remove_prefix(wanted.size());
        return *this;
    }
    /// Up to the quotation mark; nothing in it needs an escape or a look at its encoding.
    PlainText& text(std::string_view& out)
    {
        const auto end = std::ranges::find_if(m_rest, [](char c) {
            const auto byte = static_cast<unsigned char>(c);
            return c == '"' || c == '\\' || byte < 0x20 || byte >= 0x80;
        });
        m_good = m_good && end != m_rest.end() && *end == '"';
        if (m_good) {
            out = m_rest.substr(0, static_cast<std::size_t>(end - m_rest.begin()));
            m_rest.remove_prefix(out.size());
        }
        return *this;
    }
    /// A whole number of at most `most` digits as JSON writes it.
    PlainText& number(std::int64_t& out, std::size_t most = 18)
    {
        const std::size_t sign = m_rest.starts_with('-') ? 1 : 0;
        std::size_t end = sign;
        while (end < m_rest.size() && m_rest[end] >= '0' && m_rest[end] <= '9')
            ++end;
        const std::size_t digits = end - sign;
        m_good = m_good && digits > 0 && digits <= most && (digits == 1 || m_rest[sign] != '0');
        if (m_good) {
            std::from_chars(m_rest.data(), m_rest.data() + end, out);
            m_rest.remove_prefix(end);
        }
        return *this;
    }
    /// A number that can only be milliseconds: JsonRecord::time() also knows other forms.
    PlainText& time(EpochMs& out)
    {
        constexpr EpochMs beyondSeconds = 10'000'000'000;
        number(out, 15);
        m_good = m_good && out >= beyondSeconds;
        return *this;
    }
    bool ended() const { return m_good && m_rest.empty(); }

private:
    std::string_view m_rest;
    bool m_good = true;
};

} // namespace

Bytes itemKey(std::string_view sku) { return Bytes(ItemPrefix) + Bytes(sku); }
Bytes reservationKey(std::string_view id) { return Bytes(ReservationPrefix) + Bytes(id); }

std::optional<Bytes> skuOfItemKey(std::string_view key)
{
    if (key.size() <= ItemPrefix.size() || !key.starts_with(ItemPrefix) || idOfReservationKey(key))
        return std::nullopt;
    return Bytes(key.substr(ItemPrefix.size()));
}

std::optional<Bytes> idOfReservationKey(std::string_view key)
{
    if (key.size() <= ReservationPrefix.size() || !key.starts_with(ReservationPrefix))
        return std::nullopt;
    return Bytes(key.substr(ReservationPrefix.size()));
}

std::optional<std::int64_t> InventoryItem::available() const
{
    std::int64_t out = 0;
    if (!quantity || !reserved || __builtin_sub_overflow(*quantity, *reserved, &out))
        return std::nullopt;
    return out;
}

Result<InventoryItem> parseItem(std::string_view key, std::string_view value)
{
    auto sku = skuOfItemKey(key);
    if (!sku)
        return fail(ErrorKind::InvalidRequest, printable(key) + " is no key of an item");
    auto record = JsonRecord::read(value);
    if (!record)
        return tl::unexpected(record.error());
    InventoryItem item;
    item.sku = std::move(*sku);
    const auto known = namesOf(*record);
    item.dialect = record->dialect(known);
    item.reserved = record->whole(Reserved);
    if (known.data() == javaNames.data()) {
        item.dialect = Dialect::Java;
        const auto available = record->whole(Available);
        if (available && item.reserved)
            item.quantity = sum(*available, *item.reserved);
    } else {
        item.quantity = record->whole(Quantity);
    }
    item.lastUpdated = record->time(LastUpdated);
    item.complaints = record->complaints();
    sayNegative(item.complaints, "quantity", item.quantity);
    sayNegative(item.complaints, "reserved", item.reserved);
    item.unknown = record->unknown(known);
    return item;
}

Result<Reservation> parseReservation(std::string_view key, std::string_view value)
{
    auto id = idOfReservationKey(key);
    if (!id)
        return fail(ErrorKind::InvalidRequest, printable(key) + " is no key of a reservation");
    auto record = JsonRecord::read(value);
    if (!record)
        return tl::unexpected(record.error());
    Reservation out;
    out.id = std::move(*id);
    out.sku = record->text(Sku).value_or(std::string());
    out.quantity = record->whole(Quantity);
    out.createdAt = record->time(CreatedAt);
    out.dialect = record->dialect(reservationNames);
    out.looksLikeItem = record->has(Reserved);
    out.complaints = record->complaints();
    sayNegative(out.complaints, "quantity", out.quantity);
    out.unknown = record->unknown(reservationNames);
    return out;
}

std::optional<PlainItem> plainItem(std::string_view value)
{
    PlainItem item;
    std::string_view sku;
    PlainText text(value);
    text.literal("{\"sku\":\"").text(sku).literal("\",\"quantity\":").number(item.quantity);
    text.literal(",\"reserved\":")
        .number(item.reserved)
        .literal(",\"lastUpdated\":")
        .time(item.lastUpdatedMs);
    return text.literal("}").ended() ? std::optional(item) : std::nullopt;
}

std::optional<PlainReservation> plainReservation(std::string_view value)
{
    PlainReservation out;
    PlainText text(value);
    text.literal("{\"sku\":\"").text(out.sku).literal("\",\"quantity\":").number(out.quantity);
    text.literal(",\"createdAt\":").time(out.createdAtMs);
    return text.literal("}").ended() ? std::optional(out) : std::nullopt;
}

Result<Bytes> changeItem(std::string_view key, std::string_view stored, StockChange change, EpochMs nowMs)
{
    const auto item = parseItem(key, stored);
    if (!item)
        return tl::unexpected(item.error());
    if (!item->quantity || !item->reserved)
        return fail(ErrorKind::BadData, "the item has no quantity or no reserved units that can be read");
    const auto quantity = sum(*item->quantity, change.quantity);
    const auto reserved = sum(*item->reserved, change.reserved);
    std::int64_t available = 0;
    if (!quantity || !reserved || __builtin_sub_overflow(*quantity, *reserved, &available))
        return fail(ErrorKind::BadData, "the item's figures would leave 64 bits");
    const auto record = JsonRecord::read(stored);
    RecordEdit edit(*record, item->dialect);
    if (item->dialect == Dialect::Java)
        edit.set(Available, std::to_string(available));
    else
        edit.set(Quantity, std::to_string(*quantity));
    edit.set(Reserved, std::to_string(*reserved));
    if (item->hasReservations() || record->has(LastUpdated)) {
        const TimeForm form = item->lastUpdated ? item->lastUpdated->form : TimeForm::Milliseconds;
        edit.set(LastUpdated, timeJson(nowMs, form));
    }
    return edit.result();
}

Bytes newItemJson(std::string_view sku, std::int64_t quantity, EpochMs nowMs)
{
    return "{\"sku\":" + jsonQuoted(sku, false) + ",\"quantity\":" + std::to_string(quantity)
        + ",\"reserved\":0,\"lastUpdated\":" + std::to_string(nowMs) + "}";
}

Bytes newReservationJson(std::string_view sku, std::int64_t quantity, EpochMs nowMs)
{
    return "{\"sku\":" + jsonQuoted(sku, false) + ",\"quantity\":" + std::to_string(quantity)
        + ",\"createdAt\":" + std::to_string(nowMs) + "}";
}

} // namespace norikv::client
