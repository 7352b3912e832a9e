// SPDX-License-Identifier: GPL-3.0-or-later
// The document's bank account: an aggregate whose state is its events, folded.
#pragma once

#include "client/patterns/eventstream.h"

namespace norikv::client {

/// Decides on the state as folded and appends behind exactly that state: another's event in between makes it
/// decide again. (In the document two withdrawals at once can both pass.)
class BankAccount {
public:
    BankAccount(Store& store, const Clock& clock, const Bytes& account, EventStream::Options options = {});

    struct State {
        double balance = 0;
        bool isOpen = false;
        std::uint64_t version = 0; ///< of the newest event
    };
    Result<State> load(Call& call);
    /// Refusals are InvalidRequest with the document's words: "Account already open", "Account not open",
    /// "Insufficient funds". The event appended.
    Result<EventRecord> open(Call& call, AppendDoubt* doubt = nullptr);
    Result<EventRecord> deposit(Call& call, double amount, AppendDoubt* doubt = nullptr);
    Result<EventRecord> withdraw(Call& call, double amount, AppendDoubt* doubt = nullptr);

private:
    using Rule = std::function<std::string_view(const State&)>; ///< a refusal, or empty
    Result<EventRecord> decide(
        Call& call, std::string_view type, const std::string& data, const Rule& rule, AppendDoubt* doubt);

    EventStream m_events;
};

} // namespace norikv::client
