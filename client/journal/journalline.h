// SPDX-License-Identifier: GPL-3.0-or-later
// The two kinds of line in a journal.
#pragma once

#include "client/journal/journal.h"

#include <string>
#include <string_view>

namespace norikv::client {

std::string intentLine(const JournalEntry& entry);
std::string outcomeLine(std::uint64_t id, const WriteOutcome& outcome);

struct JournalLine {
    bool intent = false;
    JournalEntry entry; ///< of an outcome only the id
    WriteOutcome outcome;
};
Result<JournalLine> parseJournalLine(std::string_view line);

} // namespace norikv::client
