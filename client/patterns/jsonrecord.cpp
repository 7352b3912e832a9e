// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/patterns/jsonrecord.h"

#include "client/decode/json.h"
#include "client/patterns/rfc3339.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace norikv::client {

namespace {

constexpr std::size_t MostQuoted = 48; // of a wrong value in a complaint

std::string quoted(std::string_view raw)
{
    return raw.size() <= MostQuoted ? printable(raw) : printable(raw.substr(0, MostQuoted)) + "...";
}

std::optional<std::string> unquoted(std::string_view raw)
{
    if (!raw.starts_with('"'))
        return std::nullopt;
    if (raw.find('\\') == std::string_view::npos)
        return std::string(raw.substr(1, raw.size() - 2));
    const auto value = nlohmann::json::parse(raw, nullptr, false);
    return value.is_string() ? std::optional(value.get<std::string>()) : std::nullopt;
}

bool isNumber(std::string_view raw)
{
    return !raw.empty() && (raw[0] == '-' || (raw[0] >= '0' && raw[0] <= '9'));
}

std::optional<std::int64_t> wholeOf(std::string_view raw)
{
    std::int64_t value = 0;
    const char* end = raw.data() + raw.size();
    if (const auto [at, error] = std::from_chars(raw.data(), end, value); error == std::errc() && at == end)
        return value;
    double number = 0;
    const auto [at, error] = std::from_chars(raw.data(), end, number);
    constexpr double exact = 9007199254740992.0; // beyond, a double names several integers
    if (error != std::errc() || at != end || number != std::floor(number) || std::abs(number) > exact)
        return std::nullopt;
    return static_cast<std::int64_t>(number);
}

} // namespace

std::string_view name(Dialect dialect)
{
    switch (dialect) {
    case Dialect::Python:
        return "Python";
    case Dialect::Go:
        return "Go";
    case Dialect::Java:
        return "Java";
    case Dialect::TypeScript:
        break;
    }
    return "TypeScript";
}

std::string_view MemberNames::in(Dialect dialect) const
{
    const std::string_view own = dialect == Dialect::Python ? python
        : dialect == Dialect::Go                            ? go
        : dialect == Dialect::Java                          ? java
                                                            : typeScript;
    return own.empty() ? typeScript : own;
}

std::string timeJson(EpochMs ms, TimeForm form)
{
    switch (form) {
    case TimeForm::Seconds:
        return std::to_string(ms / 1000);
    case TimeForm::Rfc3339:
        return '"' + formatRfc3339(ms) + '"';
    case TimeForm::Milliseconds:
        break;
    }
    return std::to_string(ms);
}

Result<JsonRecord> JsonRecord::read(std::string_view stored)
{
    JsonRecord record;
    if (checkJson(stored))
        record.m_text.strict = stored;
    else if (auto text = readJson(stored))
        record.m_text = std::move(*text);
    else
        return tl::unexpected(text.error());
    const auto first = record.m_text.strict.find_first_not_of(" \t\r\n");
    if (first == std::string::npos || record.m_text.strict[first] != '{')
        return fail(ErrorKind::BadData, "the value is JSON, but no object");
    record.m_members = jsonMembers(record.m_text.strict);
    return record;
}

std::string_view JsonRecord::raw(const JsonMember& member) const
{
    return std::string_view(m_text.strict).substr(member.begin, member.end - member.begin);
}

bool JsonRecord::has(std::string_view name) const
{
    return std::ranges::any_of(m_members, [&](const JsonMember& m) { return m.name == name; });
}

const JsonMember* JsonRecord::find(const MemberNames& names) const
{
    for (const std::string_view name : {names.typeScript, names.python, names.go, names.java}) {
        if (name.empty())
            continue;
        const auto last = std::find_if(
            m_members.rbegin(), m_members.rend(), [&](const JsonMember& m) { return m.name == name; });
        if (last != m_members.rend())
            return &*last;
    }
    return nullptr;
}

void JsonRecord::complain(const JsonMember& member, std::string_view what)
{
    m_complaints.push_back(printable(member.name) + " is " + quoted(raw(member)) + ", " + std::string(what));
}

std::string_view JsonRecord::json(const MemberNames& names) const
{
    const JsonMember* member = find(names);
    return member ? raw(*member) : std::string_view();
}

std::optional<std::string> JsonRecord::text(const MemberNames& names)
{
    const JsonMember* member = find(names);
    if (!member || raw(*member) == "null")
        return std::nullopt;
    auto value = unquoted(raw(*member));
    if (!value)
        complain(*member, "not a text");
    return value;
}

std::optional<std::string> JsonRecord::label(const MemberNames& names)
{
    const JsonMember* member = find(names);
    if (member && isNumber(raw(*member)))
        return std::string(raw(*member));
    return text(names);
}

std::optional<std::int64_t> JsonRecord::whole(const MemberNames& names)
{
    const JsonMember* member = find(names);
    if (!member || raw(*member) == "null")
        return std::nullopt;
    const auto value = isNumber(raw(*member)) ? wholeOf(raw(*member)) : std::nullopt;
    if (!value)
        complain(*member, "not a whole number");
    return value;
}

std::optional<StoredTime> JsonRecord::time(const MemberNames& names)
{
    const JsonMember* member = find(names);
    if (!member || raw(*member) == "null")
        return std::nullopt;
    const std::string_view json = raw(*member);
    if (const auto words = unquoted(json)) {
        if (const auto ms = parseRfc3339(*words))
            return StoredTime{*ms, TimeForm::Rfc3339};
        complain(*member, "not a time");
        return std::nullopt;
    }
    double number = 0;
    const auto [at, error] = std::from_chars(json.data(), json.data() + json.size(), number);
    constexpr double latest = 8.64e15; // the last moment of a JavaScript Date, in ms
    if (!isNumber(json) || error != std::errc() || at != json.data() + json.size()
        || std::abs(number) > latest) {
        complain(*member, "not a time");
        return std::nullopt;
    }
    // As seconds these are the years 2001 to 2286; as milliseconds January to April 1970.
    constexpr double earliestSeconds = 1e9;
    constexpr double latestSeconds = 1e10;
    if (number >= earliestSeconds && number < latestSeconds) {
        complain(*member, "which is seconds; the pattern writes milliseconds");
        return StoredTime{std::llround(number * 1000), TimeForm::Seconds};
    }
    return StoredTime{std::llround(number), TimeForm::Milliseconds};
}

std::optional<std::vector<std::string>> JsonRecord::texts(const MemberNames& names)
{
    const JsonMember* member = find(names);
    if (!member || raw(*member) == "null")
        return std::nullopt;
    const auto list = nlohmann::json::parse(raw(*member), nullptr, false);
    std::vector<std::string> out;
    if (list.is_array() && std::ranges::all_of(list, [](const auto& each) { return each.is_string(); })) {
        for (const auto& each : list)
            out.push_back(each.template get<std::string>());
        return out;
    }
    complain(*member, "not a list of texts");
    return std::nullopt;
}

std::vector<std::string> JsonRecord::unknown(std::span<const MemberNames> known) const
{
    std::vector<std::string> out;
    for (const JsonMember& member : m_members) {
        const bool ours = std::ranges::any_of(known, [&](const MemberNames& n) {
            return !member.name.empty()
                && (member.name == n.typeScript || member.name == n.python || member.name == n.go
                    || member.name == n.java);
        });
        if (!ours)
            out.push_back(member.name);
    }
    return out;
}

Dialect JsonRecord::dialect(std::span<const MemberNames> known) const
{
    for (const MemberNames& names : known) {
        for (const Dialect each : {Dialect::Go, Dialect::Python, Dialect::Java}) {
            const std::string_view own = each == Dialect::Python ? names.python
                : each == Dialect::Go                            ? names.go
                                                                 : names.java;
            const auto shared
                = std::ranges::count(std::array{names.typeScript, names.python, names.go, names.java}, own);
            if (!own.empty() && shared == 1 && has(own))
                return each;
        }
    }
    const bool spaced = std::ranges::any_of(
        m_members, [this](const JsonMember& m) { return m.begin > 0 && m_text.strict[m.begin - 1] == ' '; });
    return spaced || !m_text.wasStrict() ? Dialect::Python : Dialect::TypeScript;
}

RecordEdit::RecordEdit(const JsonRecord& record, Dialect dialect)
    : m_record(record)
    , m_dialect(dialect)
    , m_edit(record.strict())
{
}

void RecordEdit::set(const MemberNames& names, std::string json)
{
    bool found = false;
    for (const JsonMember& member : m_record.m_members) {
        const bool wanted = !member.name.empty()
            && (member.name == names.typeScript || member.name == names.python || member.name == names.go
                || member.name == names.java);
        if (!wanted)
            continue;
        m_edit.replace(member, json); // also each duplicate: readers differ in which one counts
        found = true;
    }
    if (!found)
        m_edit.append(0, names.in(m_dialect), json, m_dialect == Dialect::Python);
}

std::string RecordEdit::text(std::string_view value) const
{
    return jsonQuoted(value, m_dialect == Dialect::Python);
}

std::string RecordEdit::texts(std::span<const std::string> values) const
{
    std::string out = "[";
    for (const std::string& value : values) {
        if (out.size() > 1)
            out += m_dialect == Dialect::Python ? ", " : ",";
        out += text(value);
    }
    return out + "]";
}

} // namespace norikv::client
