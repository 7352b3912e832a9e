// SPDX-License-Identifier: GPL-3.0-or-later
// What turns events into a state. States are JSON.
#pragma once

#include "client/patterns/event.h"

#include <nlohmann/json_fwd.hpp>

#include <functional>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>

namespace norikv::client {

using FoldState = nlohmann::ordered_json;

/// Told for an event that breaks a rule of the reducer ("Insufficient funds"); the fold goes on. `at` counts
/// from 0 within the events given.
using ProblemSink = std::function<void(std::size_t at, std::string text)>;

/// Immutable; called on workers, by several at once. A reducer of another kind (a script) derives from it
/// too: its fold() may block and must end soon after `stop`.
class Reducer {
public:
    virtual ~Reducer() = default;
    virtual std::string_view name() const = 0; ///< an id for settings: "bank", "merge", "counter"
    virtual FoldState start(std::string_view aggregate) const = 0;
    /// Applies the events in order. An error means that the fold cannot go on at all; `state` is then
    /// worthless.
    virtual Result<void> fold(FoldState& state, std::span<const EventPtr> events, const ProblemSink& problem,
        const std::stop_token& stop) const = 0;
};

enum class ReducerKind {
    Bank, ///< AccountOpened, MoneyDeposited, MoneyWithdrawn -> {id, balance, isOpen}
    Merge, ///< every event's data over those before (RFC 7396); what is no object under `value`
    Counter, ///< {events, types: {type: how many}}
};
std::shared_ptr<const Reducer> makeReducer(ReducerKind kind);
/// Bank when every type is one of the bank's, else Merge.
ReducerKind fittingReducer(std::span<const std::string> types);

/// The bank's event types and messages; the rest of the program compares with these.
namespace bank {
constexpr std::string_view Opened = "AccountOpened";
constexpr std::string_view Deposited = "MoneyDeposited";
constexpr std::string_view Withdrawn = "MoneyWithdrawn";
constexpr std::string_view AlreadyOpen = "Account already open";
constexpr std::string_view NotOpen = "Account not open";
constexpr std::string_view Insufficient = "Insufficient funds";
bool isType(std::string_view type);
} // namespace bank

} // namespace norikv::client
