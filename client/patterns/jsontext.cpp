// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/patterns/jsontext.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>

namespace norikv::client {

namespace {

bool blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

std::size_t skipBlanks(std::string_view text, std::size_t at)
{
    while (at < text.size() && blank(text[at]))
        ++at;
    return at;
}

/// One past the string literal that begins at `at`.
std::size_t skipString(std::string_view text, std::size_t at)
{
    for (++at; at < text.size() && text[at] != '"'; ++at) {
        if (text[at] == '\\')
            ++at;
    }
    return std::min(at + 1, text.size());
}

/// One past the value that begins at `at`, however deep it is.
std::size_t skipValue(std::string_view text, std::size_t at)
{
    std::size_t depth = 0;
    while (at < text.size()) {
        const char c = text[at];
        if (c == '"') {
            at = skipString(text, at);
        } else if (c == '{' || c == '[') {
            ++depth;
            ++at;
        } else if (c == '}' || c == ']') {
            --depth;
            ++at;
        } else if (depth > 0) {
            ++at;
            continue;
        } else { // a number or a word
            while (
                at < text.size() && !blank(text[at]) && text[at] != ',' && text[at] != '}' && text[at] != ']')
                ++at;
        }
        if (depth == 0)
            return at;
    }
    return at;
}

std::string_view literalAt(std::string_view text, std::size_t at)
{
    constexpr std::array<std::string_view, 3> literals{"Infinity", "-Infinity", "NaN"};
    const auto found = std::ranges::find_if(
        literals, [&](std::string_view literal) { return text.substr(at).starts_with(literal); });
    return found == literals.end() ? std::string_view() : *found;
}

} // namespace

Result<JsonText> readJson(std::string_view stored)
{
    JsonText out;
    out.strict.reserve(stored.size());
    for (std::size_t at = 0; at < stored.size();) {
        const std::size_t from = at;
        if (stored[at] == '"') {
            at = skipString(stored, at);
        } else if (const auto literal = literalAt(stored, at); !literal.empty()) {
            at += literal.size();
            out.literals.emplace_back(literal);
            out.strict += "null";
            continue;
        } else {
            ++at;
        }
        out.strict += stored.substr(from, at - from);
    }
    if (!nlohmann::json::accept(out.strict))
        return fail(ErrorKind::BadData, stored.empty() ? "the value is empty" : "the value is not JSON");
    return out;
}

std::vector<JsonMember> jsonMembers(std::string_view strict, std::size_t object)
{
    std::vector<JsonMember> members;
    std::size_t at = skipBlanks(strict, object);
    if (at >= strict.size() || strict[at] != '{')
        return members;
    at = skipBlanks(strict, at + 1);
    while (at < strict.size() && strict[at] == '"') {
        JsonMember member;
        const std::size_t end = skipString(strict, at);
        const std::string_view quoted = strict.substr(at, end - at);
        if (quoted.find('\\') == std::string_view::npos)
            member.name = quoted.substr(1, quoted.size() - 2);
        else if (const auto name = nlohmann::json::parse(quoted, nullptr, false); name.is_string())
            member.name = name.get<std::string>();
        at = skipBlanks(strict, end);
        member.begin = skipBlanks(strict, at + 1);
        member.end = skipValue(strict, member.begin);
        at = skipBlanks(strict, member.end);
        members.push_back(std::move(member));
        if (at < strict.size() && strict[at] == ',')
            at = skipBlanks(strict, at + 1);
    }
    return members;
}

JsonEdit::JsonEdit(std::string strict)
    : m_text(std::move(strict))
{
}

void JsonEdit::replace(const JsonMember& member, std::string value)
{
    m_splices.push_back({member.begin, member.end, std::move(value)});
}

void JsonEdit::append(std::size_t object, std::string_view name, std::string_view value, bool spaced)
{
    const auto members = jsonMembers(m_text, object);
    const std::size_t at = members.empty() ? skipBlanks(m_text, object) + 1 : members.back().end;
    const bool first = members.empty()
        && std::ranges::none_of(m_splices, [at](const Splice& s) { return s.begin == at && s.end == at; });
    std::string text = first ? "" : spaced ? ", " : ",";
    text += jsonQuoted(name) + (spaced ? ": " : ":") + std::string(value);
    m_splices.push_back({at, at, std::move(text)});
}

std::string JsonEdit::result() const
{
    auto splices = m_splices;
    std::ranges::stable_sort(splices, {}, &Splice::begin);
    std::string out;
    std::size_t from = 0;
    for (const Splice& splice : splices) {
        out.append(m_text, from, splice.begin - from);
        out += splice.text;
        from = splice.end;
    }
    return out.append(m_text, from);
}

std::string jsonQuoted(std::string_view text, bool ascii)
{
    return nlohmann::json(text).dump(-1, ' ', ascii, nlohmann::json::error_handler_t::replace);
}

} // namespace norikv::client
