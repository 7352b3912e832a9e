// SPDX-License-Identifier: GPL-3.0-or-later
// A plain record is read by another way than any other: both must say the same of every text there is.
#include "client/audit/inventoryreading.h"

#include <gtest/gtest.h>

#include <random>

namespace norikv::client {
namespace {

constexpr EpochMs Now = 1'700'000'000'000;

/// Texts as the pattern writes them, and what becomes of them by accidents of some bytes.
class Texts {
public:
    std::string number()
    {
        static const char* const odd[]{"0", "-0", "007", "-3", "5.0", "5.5", "1e3", "null", "\"6\"", "-", "",
            "999999999999999999", "9223372036854775807", "9223372036854775808", "1e+21", "NaN", "true",
            "[1]"};
        return one(2) ? std::to_string(below(200)) : odd[below(std::size(odd))];
    }
    std::string time()
    {
        static const char* const odd[]{"0", "1700000000", "9999999999", "10000000000", "8640000000000000",
            "8640000000000001", "-1700000000000", "999999999999999", "1000000000000000", "1.7e12", "null",
            "\"2023-11-14T22:13:20Z\"", "Infinity"};
        return one(2) ? std::to_string(Now - EpochMs(below(2'000'000))) : odd[below(std::size(odd))];
    }
    std::string sku()
    {
        static const char* const odd[]{
            "", "a:b", "A\\u0041", "gr\xc3\xb6\xc3\x9f", "\xff", "tab\t", "q\\\"", "<b>"};
        return one(2) ? "sku-" + std::to_string(below(9)) : odd[below(std::size(odd))];
    }
    std::string item()
    {
        return R"({"sku":")" + sku() + R"(","quantity":)" + number() + R"(,"reserved":)" + number()
            + R"(,"lastUpdated":)" + time() + "}";
    }
    std::string reservation()
    {
        return R"({"sku":")" + sku() + R"(","quantity":)" + number() + R"(,"createdAt":)" + time() + "}";
    }
    std::string broken(std::string text)
    {
        static constexpr std::string_view bytes = "{}[]\",:\\0-9eE. \n\0\x7f\xc3\xffsku";
        for (auto times = below(3); times > 0 && !text.empty(); --times) {
            const auto at = below(text.size());
            const char byte = bytes[below(bytes.size())];
            switch (below(4)) {
            case 0:
                text[at] = byte;
                break;
            case 1:
                text.insert(at, 1, byte);
                break;
            case 2:
                text.erase(at, 1 + below(3));
                break;
            default:
                text.insert(at, text.substr(at / 2, below(24)));
            }
        }
        return text;
    }
    std::size_t below(std::size_t end) { return m_random() % end; }
    bool one(std::size_t of) { return below(of) == 0; }

private:
    std::mt19937 m_random{7};
};

Entry entryOf(Texts& texts, Bytes key, Bytes value)
{
    Entry entry;
    entry.key = std::move(key);
    entry.value = std::move(value);
    entry.version = Version{0, 1};
    if (texts.one(2))
        entry.provenance = TtlProvenance::Server;
    if (texts.one(3))
        entry.expiresAtMs = Now - 10'000 + EpochMs(texts.below(20'000));
    return entry;
}

TEST(InventoryReading, aPlainItemIsReadAsTheParserReadsIt)
{
    Texts texts;
    std::size_t plain = 0;
    constexpr std::size_t cases = 60'000;
    for (std::size_t i = 0; i < cases; ++i) {
        const Entry entry
            = entryOf(texts, texts.one(9) ? "inventory:a:b" : "inventory:A", texts.broken(texts.item()));
        plain += plainItem(entry.value).has_value();
        InventoryReading quick;
        countItem(quick, entry);
        InventoryReading full;
        count(full, readItem(entry));
        ASSERT_TRUE(quick == full) << printable(entry.value);
    }
    EXPECT_GT(plain, cases / 50);
    EXPECT_LT(plain, cases / 2);
}

TEST(InventoryReading, aPlainReservationIsReadAsTheParserReadsIt)
{
    Texts texts;
    std::size_t plain = 0;
    constexpr std::size_t cases = 60'000;
    for (std::size_t i = 0; i < cases; ++i) {
        const Entry entry
            = entryOf(texts, texts.one(9) ? "inventory:reservation:a:b" : "inventory:reservation:1",
                texts.broken(texts.reservation()));
        plain += plainReservation(entry.value).has_value();
        const auto setHere
            = texts.one(5) ? std::optional(Now - 5000 + EpochMs(texts.below(9000))) : std::nullopt;
        const auto declared
            = texts.one(2) ? std::optional<std::uint64_t>(texts.below(2'000'000)) : std::nullopt;
        InventoryReading quick;
        countReservation(quick, entry, setHere, declared, Now);
        InventoryReading full;
        count(full, readReservation(entry, setHere, declared), Now);
        ASSERT_TRUE(quick == full) << printable(entry.value);
    }
    EXPECT_GT(plain, cases / 50);
    EXPECT_LT(plain, cases / 2);
}

TEST(InventoryReading, whatWeWriteIsPlain)
{
    const auto item = plainItem(newItemJson("MUG", 7, Now));
    ASSERT_TRUE(item);
    EXPECT_EQ(item->quantity, 7);
    EXPECT_EQ(item->reserved, 0);
    EXPECT_EQ(item->lastUpdatedMs, Now);
    EXPECT_TRUE(plainItem(*changeItem("inventory:MUG", newItemJson("MUG", 7, Now), {0, 2}, Now)));
    const Bytes value = newReservationJson("MUG", 2, Now);
    const auto reservation = plainReservation(value);
    ASSERT_TRUE(reservation);
    EXPECT_EQ(reservation->sku, "MUG");
    EXPECT_EQ(reservation->quantity, 2);
    EXPECT_EQ(reservation->createdAtMs, Now);
}

} // namespace
} // namespace norikv::client
