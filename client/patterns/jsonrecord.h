// SPDX-License-Identifier: GPL-3.0-or-later
// One stored JSON object, read under every dialect's names and rewritten in its own. What the pattern does
// not know stays byte for byte: unknown members, order, numbers, white space.
#pragma once

#include "client/bytes.h"
#include "client/clock.h"
#include "client/patterns/dialect.h"
#include "client/patterns/jsontext.h"
#include "client/result.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace norikv::client {

/// How a time is written in a record.
enum class TimeForm { Milliseconds, Seconds, Rfc3339 };

/// A time as read. The contract is milliseconds; Go writes text; seconds are somebody's mistake and are said
/// so.
struct StoredTime {
    EpochMs ms = 0;
    TimeForm form = TimeForm::Milliseconds;
    bool operator==(const StoredTime&) const = default;
};
/// A time as JSON in the form a record uses.
std::string timeJson(EpochMs ms, TimeForm form);

class JsonRecord {
public:
    /// BadData with the reason when the text is no JSON object.
    static Result<JsonRecord> read(std::string_view stored);

    /// Members under any of the names. Absent, null and a wrong type all answer nothing; a wrong type adds a
    /// complaint. Where a name is met twice the last one counts, as in most readers.
    std::optional<std::string> text(const MemberNames& names);
    /// A text, or a number as it is written: Go's user ids are numbers.
    std::optional<std::string> label(const MemberNames& names);
    /// A whole number within 64 bits; `5.0` is one, `1e+21` and `5.5` are not.
    std::optional<std::int64_t> whole(const MemberNames& names);
    std::optional<StoredTime> time(const MemberNames& names);
    std::optional<std::vector<std::string>> texts(const MemberNames& names);

    /// The member as it is written; empty where there is none. Lives as long as the record.
    std::string_view json(const MemberNames& names) const;

    bool has(const MemberNames& names) const { return find(names) != nullptr; }
    bool has(std::string_view name) const;
    /// "quantity is 5.5, not a whole number", "lastAccessedAt is in seconds, not milliseconds"; plain text.
    const std::vector<std::string>& complaints() const { return m_complaints; }
    /// Names that are in none of `known`, in the order written.
    std::vector<std::string> unknown(std::span<const MemberNames> known) const;

    /// Told by the names alone; a record without a name that differs is Python when it has blanks after
    /// commas or colons, else TypeScript.
    Dialect dialect(std::span<const MemberNames> known) const;
    /// Valid JSON: what was stored, with null for Infinity and NaN.
    const std::string& strict() const { return m_text.strict; }

private:
    friend class RecordEdit;
    const JsonMember* find(const MemberNames& names) const;
    std::string_view raw(const JsonMember& member) const;
    void complain(const JsonMember& member, std::string_view what);

    JsonText m_text;
    std::vector<JsonMember> m_members;
    std::vector<std::string> m_complaints;
};

/// Changes members of a record in its dialect.
class RecordEdit {
public:
    RecordEdit(const JsonRecord& record, Dialect dialect);

    /// `json` replaces the member under whatever name it has, also each duplicate; else it is appended.
    void set(const MemberNames& names, std::string json);
    /// A text, a number, a time or a list as this dialect writes it.
    std::string text(std::string_view value) const;
    std::string texts(std::span<const std::string> values) const;
    Bytes result() const { return m_edit.result(); }

private:
    const JsonRecord& m_record;
    const Dialect m_dialect;
    JsonEdit m_edit;
};

} // namespace norikv::client
