// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/patterns/reducer.h"

#include "client/decode/json.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace norikv::client {

namespace {

constexpr std::size_t DeepestData = 200; // levels: a state is walked and written by recursion

/// The data of an event as a value; discarded where it is none.
FoldState dataOf(const EventRecord& event)
{
    JsonLimits limits;
    limits.depth = DeepestData;
    if (event.data.empty() || !checkJson(event.data, limits))
        return FoldState(FoldState::value_t::discarded);
    return FoldState::parse(event.data, nullptr, false);
}

/// A reducer that takes one event after the other.
class EachReducer : public Reducer {
public:
    Result<void> fold(FoldState& state, std::span<const EventPtr> events, const ProblemSink& problem,
        const std::stop_token& stop) const override
    {
        for (std::size_t i = 0; i < events.size(); ++i) {
            if (stop.stop_requested())
                return fail(ErrorKind::Cancelled, "stopped here");
            const EventRecord& event = *events[i];
            std::string broken = event.readable ? apply(state, event) : std::string("cannot be read");
            if (!broken.empty())
                problem(i, std::move(broken));
        }
        return {};
    }

protected:
    /// What the event breaks, or nothing.
    virtual std::string apply(FoldState& state, const EventRecord& event) const = 0;
};

void add(FoldState& sum, const FoldState& amount, bool minus)
{
    std::int64_t whole = 0;
    if (sum.is_number_integer() && amount.is_number_integer()) {
        const auto a = sum.get<std::int64_t>();
        const auto b = amount.get<std::int64_t>();
        if (!(minus ? __builtin_sub_overflow(a, b, &whole) : __builtin_add_overflow(a, b, &whole))) {
            sum = whole;
            return;
        }
    }
    const double b = amount.get<double>();
    sum = sum.get<double>() + (minus ? -b : b);
}

/// As the document replays: an event that breaks a rule is applied all the same, because it happened.
class BankReducer final : public EachReducer {
public:
    std::string_view name() const override { return "bank"; }
    FoldState start(std::string_view aggregate) const override
    {
        return {{"id", printable(aggregate)}, {"balance", 0}, {"isOpen", false}};
    }

protected:
    std::string apply(FoldState& state, const EventRecord& event) const override
    {
        FoldState& open = state["isOpen"];
        const bool wasOpen = open.get<bool>();
        if (event.type == bank::Opened) {
            open = true;
            return std::string(wasOpen ? bank::AlreadyOpen : std::string_view());
        }
        const bool withdrawn = event.type == bank::Withdrawn;
        if (!withdrawn && event.type != bank::Deposited)
            return {};
        const FoldState data = dataOf(event);
        const auto amount = data.is_object() ? data.find("amount") : data.end();
        if (!data.is_object() || amount == data.end() || !amount->is_number())
            return "the amount is no number";
        FoldState& balance = state["balance"];
        const bool overdrawn = withdrawn && balance.get<double>() < amount->get<double>();
        add(balance, *amount, withdrawn);
        return std::string(!wasOpen ? bank::NotOpen : overdrawn ? bank::Insufficient : std::string_view());
    }
};

class MergeReducer final : public EachReducer {
public:
    std::string_view name() const override { return "merge"; }
    FoldState start(std::string_view) const override { return FoldState::object(); }

protected:
    std::string apply(FoldState& state, const EventRecord& event) const override
    {
        if (event.data.empty())
            return {};
        FoldState data = dataOf(event);
        if (data.is_discarded())
            return "the data is nested too deeply";
        if (data.is_object())
            state.merge_patch(data);
        else
            state["value"] = std::move(data);
        return {};
    }
};

class CounterReducer final : public EachReducer {
public:
    std::string_view name() const override { return "counter"; }
    FoldState start(std::string_view) const override
    {
        return {{"events", 0}, {"types", FoldState::object()}};
    }

protected:
    std::string apply(FoldState& state, const EventRecord& event) const override
    {
        FoldState& events = state["events"];
        events = events.get<std::int64_t>() + 1;
        FoldState& count = state["types"][event.type];
        count = count.is_null() ? 1 : count.get<std::int64_t>() + 1;
        return {};
    }
};

} // namespace

bool bank::isType(std::string_view type) { return type == Opened || type == Deposited || type == Withdrawn; }

std::shared_ptr<const Reducer> makeReducer(ReducerKind kind)
{
    switch (kind) {
    case ReducerKind::Bank:
        return std::make_shared<BankReducer>();
    case ReducerKind::Counter:
        return std::make_shared<CounterReducer>();
    case ReducerKind::Merge:
        break;
    }
    return std::make_shared<MergeReducer>();
}

ReducerKind fittingReducer(std::span<const std::string> types)
{
    const bool banks = !types.empty() && std::ranges::all_of(types, bank::isType);
    return banks ? ReducerKind::Bank : ReducerKind::Merge;
}

} // namespace norikv::client
