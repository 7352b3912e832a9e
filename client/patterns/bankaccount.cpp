// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/patterns/bankaccount.h"

#include "client/patterns/reducer.h"

#include <nlohmann/json.hpp>

#include <cmath>

namespace norikv::client {

namespace {

constexpr int MostDecisions = 10;

Result<std::string> amountJson(double amount)
{
    if (!std::isfinite(amount) || amount <= 0)
        return fail(ErrorKind::InvalidRequest, "the amount must be a number above zero");
    constexpr double exact = 9007199254740992.0; // beyond, a double names several integers
    nlohmann::json data;
    if (amount == std::floor(amount) && amount < exact)
        data["amount"] = static_cast<std::int64_t>(amount);
    else
        data["amount"] = amount;
    return data.dump();
}

} // namespace

BankAccount::BankAccount(Store& store, const Clock& clock, const Bytes& account, EventStream::Options options)
    : m_events(store, clock, {EventLayout::Document, account}, std::move(options))
{
}

Result<BankAccount::State> BankAccount::load(Call& call)
{
    State state;
    const auto version = m_events.version(call);
    if (!version)
        return tl::unexpected(version.error());
    state.version = *version;
    const auto reducer = makeReducer(ReducerKind::Bank);
    FoldState folded = reducer->start(m_events.stream().aggregate);
    if (state.version > 0) {
        std::optional<Error> failure;
        const auto read = m_events.readRange(call, 1, state.version, [&](const EventList& chunk) {
            auto done = reducer->fold(
                folded, chunk, [](std::size_t, const std::string&) {}, call.stop);
            if (!done)
                failure = done.error();
            return done.has_value();
        });
        if (!read)
            return tl::unexpected(read.error());
        if (failure)
            return tl::unexpected(*failure);
    }
    state.balance = folded.value("balance", 0.0);
    state.isOpen = folded.value("isOpen", false);
    return state;
}

Result<EventRecord> BankAccount::decide(
    Call& call, std::string_view type, const std::string& data, const Rule& rule, AppendDoubt* doubt)
{
    for (int attempt = 0; attempt < MostDecisions; ++attempt) {
        const auto state = load(call);
        if (!state)
            return tl::unexpected(state.error());
        if (const auto refusal = rule(*state); !refusal.empty())
            return fail(ErrorKind::InvalidRequest, std::string(refusal));
        auto event = m_events.append(call, type, data, state->version, doubt);
        if (event || event.error().kind != ErrorKind::Contended)
            return event;
    }
    return fail(ErrorKind::Contended, "Failed to append event after retries");
}

Result<EventRecord> BankAccount::open(Call& call, AppendDoubt* doubt)
{
    return decide(
        call, bank::Opened, "{}",
        [](const State& state) { return state.isOpen ? bank::AlreadyOpen : std::string_view(); }, doubt);
}

Result<EventRecord> BankAccount::deposit(Call& call, double amount, AppendDoubt* doubt)
{
    const auto data = amountJson(amount);
    if (!data)
        return tl::unexpected(data.error());
    return decide(
        call, bank::Deposited, *data,
        [](const State& state) { return state.isOpen ? std::string_view() : bank::NotOpen; }, doubt);
}

Result<EventRecord> BankAccount::withdraw(Call& call, double amount, AppendDoubt* doubt)
{
    const auto data = amountJson(amount);
    if (!data)
        return tl::unexpected(data.error());
    return decide(
        call, bank::Withdrawn, *data,
        [amount](const State& state) {
            return !state.isOpen         ? bank::NotOpen
                : state.balance < amount ? bank::Insufficient
                                         : std::string_view();
        },
        doubt);
}

} // namespace norikv::client
