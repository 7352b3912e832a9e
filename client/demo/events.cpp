// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/demo/events.h"

#include "client/patterns/bankaccount.h"
#include "client/patterns/reducer.h"

#include <array>

namespace norikv::client::demo {

namespace {

constexpr EpochMs Minute = 60'000;
constexpr EpochMs Day = 24 * 60 * Minute;

constexpr std::array<std::string_view, 4> accounts{
    "account-1001", "account-1002", "account-1003", "account-2040"};
constexpr std::array<std::string_view, 2> orders{"order-5001", "order-5002"};
constexpr std::string_view Shipment = "shipment-77";
constexpr std::array<std::string_view, 5> skus{
    "SKU-12345", "SKU-20001", "SKU-30410", "SKU-40002", "SKU-51177"};

constexpr std::array faultTable{
    Actor::Fault{"Let two appenders overwrite one another's event", "E3", Actor::Fault::SeenBy::Look},
    Actor::Fault{"Rewrite an event that happened", "E4", Actor::Fault::SeenBy::Watch},
    Actor::Fault{"Delete an event out of a stream", "E1", Actor::Fault::SeenBy::Look},
    Actor::Fault{"Crash between an event and its meta", "E2", Actor::Fault::SeenBy::Look},
    Actor::Fault{"Withdraw twice at once and overdraw an account", "E9", Actor::Fault::SeenBy::Look},
    Actor::Fault{"Write an event under another version's key", "E5", Actor::Fault::SeenBy::Look},
    Actor::Fault{"Let a stream's version go backwards", "E7", Actor::Fault::SeenBy::Watch},
    Actor::Fault{"Name an aggregate with a colon", "E8", Actor::Fault::SeenBy::Look},
};

struct Past {
    std::string_view type;
    std::string data;
    EpochMs agoMs = 0;
};

std::string amountOf(std::int64_t amount) { return R"({"amount":)" + std::to_string(amount) + "}"; }
std::string lineOf(std::uint64_t n)
{
    return R"({"sku":")" + std::string(skus[n % skus.size()]) + R"(","quantity":)" + std::to_string(1 + n % 4)
        + R"(,"line":)" + std::to_string(n) + "}";
}

/// Writes a stream's past in one go: there is no other appender yet.
Result<void> writePast(Store& store, Call& call, const EventStreamId& stream, const std::vector<Past>& past,
    EpochMs nowMs, bool meta = true)
{
    std::uint64_t number = 0;
    const auto put = [&](const Bytes& key, const Result<Bytes>& value) -> Result<void> {
        if (!value)
            return tl::unexpected(value.error());
        Put write;
        write.key = key;
        write.value = *value;
        return store.put(call, write).map([](auto) {});
    };
    for (const Past& each : past) {
        ++number;
        const NewEvent event{randomUuid(), std::string(each.type), each.data, nowMs - each.agoMs};
        if (auto done = put(stream.eventKey(number), eventJson(stream, number, event)); !done)
            return done;
    }
    return meta ? put(stream.metaKey(), eventMetaJson(stream, {}, number)) : Result<void>();
}

std::vector<Past> accountPast(std::size_t index)
{
    const auto start = static_cast<EpochMs>(9 + 4 * index) * Day;
    std::vector<Past> past{{bank::Opened, "{}", start}};
    past.push_back(
        {bank::Deposited, amountOf(400 + 350 * static_cast<std::int64_t>(index)), start - 4 * Minute});
    // Bursts of movements with days of nothing between them.
    for (std::int64_t i = 0; i < 14; ++i) {
        const EpochMs ago
            = start - (i / 5 + 1) * 2 * Day - (i % 5) * (7 + static_cast<EpochMs>(index)) * Minute;
        const bool in = i % 3 == 0;
        past.push_back({in ? bank::Deposited : bank::Withdrawn, amountOf(in ? 90 + 7 * i : 20 + 3 * i), ago});
    }
    return past;
}

std::vector<Past> orderPast(std::size_t index)
{
    const EpochMs start = 3 * Day + static_cast<EpochMs>(index) * 5 * 60 * Minute;
    std::vector<Past> past{{"OrderPlaced",
        R"({"customer":"c-)" + std::to_string(118 + index) + R"(","currency":"EUR"})", start}};
    for (std::uint64_t n = 1; n <= 6; ++n)
        past.push_back({"LineAdded", lineOf(n + index), start - static_cast<EpochMs>(n) * Minute});
    past.push_back(
        {"PaymentAuthorised", R"({"payment":{"method":"card","authorised":true}})", start - 12 * Minute});
    past.push_back({"AddressChanged", R"({"address":{"city":"Utrecht","street":"Oudegracht 12"}})",
        start - 140 * Minute});
    return past;
}

std::vector<Past> shipmentPast()
{
    return {{"Packed", R"({"parcels":2,"weightKg":3.4})", 2 * Day},
        {"HandedOver", R"({"carrier":"PostNL"})", 2 * Day - 90 * Minute},
        {"Scanned", R"({"depot":"Zwolle"})", Day}, {"Scanned", R"({"depot":"Utrecht"})", Day - 300 * Minute}};
}

Result<void> seedOnce(
    Store& store, Call& call, const EventStreamId& stream, const std::vector<Past>& past, EpochMs nowMs)
{
    const auto meta = store.get(call, stream.metaKey());
    if (!meta)
        return tl::unexpected(meta.error());
    return meta->exists() ? Result<void>() : writePast(store, call, stream, past, nowMs);
}

EventStream::Options impatient()
{
    EventStream::Options options;
    options.loop.policy = CasPolicy::impatient(2); // the demo waits for nobody
    return options;
}

} // namespace

Result<void> Events::seed(Store& store, Call& call, std::mt19937_64&, EpochMs nowMs)
{
    for (std::size_t i = 0; i < accounts.size(); ++i) {
        if (auto done
            = seedOnce(store, call, {EventLayout::Document, Bytes(accounts[i])}, accountPast(i), nowMs);
            !done)
            return done;
    }
    for (std::size_t i = 0; i < orders.size(); ++i) {
        if (auto done = seedOnce(store, call, {EventLayout::Document, Bytes(orders[i])}, orderPast(i), nowMs);
            !done)
            return done;
    }
    return seedOnce(store, call, {EventLayout::Stream, Bytes(Shipment)}, shipmentPast(), nowMs);
}

void Events::bank(Store& store, Call& call, std::mt19937_64& random, const Clock& clock)
{
    const std::size_t index = random() % accounts.size();
    const Bytes id(accounts[index]);
    auto known = m_accounts.find(index);
    if (known == m_accounts.end()) {
        const auto state = BankAccount(store, clock, id).load(call);
        if (!state || !state->isOpen)
            return;
        known = m_accounts.emplace(index, Account{static_cast<std::int64_t>(state->balance), state->version})
                    .first;
    }
    Account& account = known->second;
    const auto amount = static_cast<std::int64_t>(5 + ++m_count * 37 % 180);
    const bool in = account.balance < 300 || (account.balance < 2000 && random() % 2 == 0);
    const auto event
        = EventStream(store, clock, {EventLayout::Document, id}, impatient())
              .append(call, in ? bank::Deposited : bank::Withdrawn, amountOf(amount), account.version);
    if (!event) {
        m_accounts.erase(known); // somebody else appended, or the server is away: read it anew
        return;
    }
    account.balance += in ? amount : -amount;
    account.version = event->number;
}

void Events::order(Store& store, Call& call, const Clock& clock)
{
    const std::uint64_t n = ++m_count;
    if (n % 5 == 0) {
        (void)EventStream(store, clock, {EventLayout::Stream, Bytes(Shipment)}, impatient())
            .append(call, "Scanned", R"({"depot":"Depot )" + std::to_string(n) + "\"}");
        return;
    }
    (void)EventStream(store, clock, {EventLayout::Document, Bytes(orders[n % orders.size()])}, impatient())
        .append(call, n % 7 == 0 ? "LineRemoved" : "LineAdded", lineOf(n));
}

void Events::step(Store& store, Call& call, std::mt19937_64& random, EpochMs nowMs, double seconds)
{
    const GivenClock clock(nowMs);
    for (int due = m_bankPulse.due(seconds, random); due > 0; --due)
        bank(store, call, random, clock);
    for (int due = m_orderPulse.due(seconds, random); due > 0; --due)
        order(store, call, clock);
}

std::span<const Actor::Fault> Events::faults() const { return faultTable; }

Result<void> Events::commit(Store& store, Call& call, std::size_t fault, EpochMs nowMs)
{
    // A stream of its own each time: a fault that is committed again must not rewrite the last one's events.
    const auto stream = [nowMs](const char* what) {
        return EventStreamId{EventLayout::Document, Bytes(what) + "-" + std::to_string(nowMs)};
    };
    const auto put = [&](const Bytes& key, const Bytes& value) -> Result<void> {
        Put write;
        write.key = key;
        write.value = value;
        return store.put(call, write).map([](auto) {});
    };
    const std::vector<Past> three{{"LineAdded", lineOf(1), 3 * Minute}, {"LineAdded", lineOf(2), 2 * Minute},
        {"LineAdded", lineOf(3), Minute}};
    switch (fault) {
    case 0: {
        // Both read the same version. The second writes over the first one's event, loses the meta and
        // appends the same once more.
        const auto raced = three;
        return writePast(store, call, stream("order-raced"),
            {raced[0], {"LineAdded", lineOf(9), 40}, {"LineAdded", lineOf(9), 12}}, nowMs);
    }
    case 1: {
        const auto id = stream("order-rewritten");
        if (auto done = writePast(store, call, id, three, nowMs); !done)
            return done;
        const NewEvent other{randomUuid(), "LineAdded", lineOf(77), nowMs - 2 * Minute};
        return put(id.eventKey(2), *eventJson(id, 2, other));
    }
    case 2: {
        const auto id = stream("order-torn");
        if (auto done = writePast(store, call, id, three, nowMs); !done)
            return done;
        Remove remove;
        remove.key = id.eventKey(2);
        return store.remove(call, remove).map([](auto) {});
    }
    case 3: {
        const auto id = stream("order-crashed");
        if (auto done = writePast(store, call, id, three, nowMs, false); !done)
            return done;
        return put(id.metaKey(), *eventMetaJson(id, {}, 2));
    }
    case 4:
        return writePast(store, call, stream("account-overdrawn"),
            {{bank::Opened, "{}", Minute}, {bank::Deposited, amountOf(100), 4000},
                {bank::Withdrawn, amountOf(80), 1000}, {bank::Withdrawn, amountOf(70), 900}},
            nowMs);
    case 5: {
        const auto id = stream("order-mixed-up");
        if (auto done = writePast(store, call, id, {three[0], three[1]}, nowMs, false); !done)
            return done;
        const NewEvent other{randomUuid(), "LineAdded", lineOf(3), nowMs - Minute};
        if (auto done = put(id.eventKey(3), *eventJson(id, 5, other)); !done)
            return done;
        return put(id.metaKey(), *eventMetaJson(id, {}, 3));
    }
    case 6: {
        // A writer that was late puts its version without a condition; the next one heals it.
        const auto id = stream("order-late");
        if (auto done = writePast(store, call, id, three, nowMs); !done)
            return done;
        if (auto done = put(id.metaKey(), *eventMetaJson(id, {}, 1)); !done)
            return done;
        return put(id.metaKey(), *eventMetaJson(id, {}, 3));
    }
    default:
        return writePast(store, call, stream("order:demo"), three, nowMs);
    }
}

} // namespace norikv::client::demo
