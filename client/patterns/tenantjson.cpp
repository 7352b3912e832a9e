// SPDX-License-Identifier: GPL-3.0-or-later
// Tenant metadata as text: every dialect in, the same dialect out.
#include "client/patterns/jsontext.h"
#include "client/patterns/rfc3339.h"
#include "client/patterns/tenant.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace norikv::client {

namespace {

using nlohmann::json;

struct Names {
    std::string_view id, name, plan, createdAt, limits, maxKeys, maxStorage;
};
// By Dialect; a Java tenant has no metadata.
constexpr std::array dialects{
    Names{"id", "name", "plan", "createdAt", "limits", "maxKeys", "maxStorageMB"},
    Names{"id", "name", "plan", "created_at", "limits", "max_keys", "max_storage_mb"},
    Names{"ID", "Name", "Plan", "CreatedAt", "Limits", "MaxKeys", "MaxStorageMB"},
};
using Name = std::string_view Names::*;

const Names& namesOf(Dialect dialect) { return dialects[static_cast<std::size_t>(dialect)]; }

/// The member under any dialect's name; null when there is none.
const json& member(const json& object, Name which)
{
    static const json none;
    if (object.is_object()) {
        for (const Names& names : dialects) {
            const auto found = object.find(names.*which);
            if (found != object.end())
                return *found;
        }
    }
    return none;
}

std::string textOf(const json& value) { return value.is_string() ? value.get<std::string>() : std::string(); }

/// A limit that is no number, or not finite, limits nothing. Java's Jackson quotes "Infinity".
std::optional<double> limitOf(const json& value)
{
    double number = 0;
    if (value.is_number()) {
        number = value.get<double>();
    } else if (value.is_string()) {
        const auto& text = value.get_ref<const std::string&>();
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
        if (error != std::errc() || end != text.data() + text.size())
            return std::nullopt;
    } else {
        return std::nullopt;
    }
    if (!std::isfinite(number))
        return std::nullopt;
    return std::max(number, 0.0);
}

std::optional<EpochMs> timeOf(const json& value)
{
    if (value.is_string())
        return parseRfc3339(value.get_ref<const std::string&>());
    if (!value.is_number())
        return std::nullopt;
    const double ms = value.get<double>();
    constexpr double most = 8.64e15; // the last moment of a JavaScript Date
    return std::isfinite(ms) && std::abs(ms) <= most ? std::optional(std::llround(ms)) : std::nullopt;
}

bool hasAny(const json& object, std::initializer_list<std::string_view> names)
{
    return object.is_object()
        && std::ranges::any_of(names, [&](std::string_view name) { return object.contains(name); });
}

Dialect dialectOf(const json& record, const JsonText& text)
{
    const json& limits = member(record, &Names::limits);
    if (hasAny(record, {"ID", "Name", "Plan", "CreatedAt", "Limits"}))
        return Dialect::Go;
    if (hasAny(record, {"created_at"}) || hasAny(limits, {"max_keys", "max_storage_mb"}) || !text.wasStrict())
        return Dialect::Python;
    return Dialect::TypeScript;
}

struct Parsed {
    JsonText text;
    json record;
};

Result<Parsed> parse(std::string_view stored)
{
    auto text = readJson(stored);
    if (!text)
        return tl::unexpected(text.error());
    auto record = json::parse(text->strict, nullptr, false);
    if (!record.is_object())
        return fail(ErrorKind::BadData, "the value is JSON, but no object with a tenant's fields");
    return Parsed{std::move(*text), std::move(record)};
}

std::string numberText(std::optional<double> limit)
{
    constexpr double exact = 9007199254740992.0;
    if (!limit)
        return "null";
    if (*limit == std::floor(*limit) && *limit < exact)
        return std::to_string(static_cast<std::int64_t>(*limit));
    return json(*limit).dump();
}

std::string keysText(const TenantLimits& limits)
{
    return limits.maxKeys ? std::to_string(*limits.maxKeys) : "null";
}

/// Writes one member of the object at `object`, wherever a dialect put it, or adds it.
void set(JsonEdit& edit, std::size_t object, Name which, Dialect dialect, const std::string& value)
{
    bool found = false;
    for (const JsonMember& each : jsonMembers(edit.original(), object)) {
        const bool wanted
            = std::ranges::any_of(dialects, [&](const Names& names) { return names.*which == each.name; });
        if (wanted)
            edit.replace(each, value); // also each duplicate: readers differ in which one counts
        found = found || wanted;
    }
    if (!found)
        edit.append(object, namesOf(dialect).*which, value, dialect == Dialect::Python);
}

std::string limitsText(const TenantLimits& limits, Dialect dialect)
{
    const bool spaced = dialect == Dialect::Python;
    JsonEdit edit("{}");
    edit.append(0, namesOf(dialect).maxKeys, keysText(limits), spaced);
    edit.append(0, namesOf(dialect).maxStorage, numberText(limits.maxStorageMb), spaced);
    return edit.result();
}

} // namespace

Result<TenantMetadata> parseTenant(std::string_view value)
{
    const auto parsed = parse(value);
    if (!parsed)
        return tl::unexpected(parsed.error());
    const json& record = parsed->record;
    TenantMetadata out;
    out.id = textOf(member(record, &Names::id));
    out.name = textOf(member(record, &Names::name));
    if (const json& plan = member(record, &Names::plan); !plan.is_null())
        out.plan = plan.is_string() ? plan.get<std::string>() : plan.dump();
    out.createdAtMs = timeOf(member(record, &Names::createdAt));
    const json& limits = member(record, &Names::limits);
    if (const json& keys = member(limits, &Names::maxKeys); keys.is_number_unsigned())
        out.limits.maxKeys = keys.get<std::uint64_t>();
    else if (const auto number = limitOf(keys))
        out.limits.maxKeys = static_cast<std::uint64_t>(std::min(*number, 1e18));
    out.limits.maxStorageMb = limitOf(member(limits, &Names::maxStorage));
    out.dialect = dialectOf(record, parsed->text);
    out.notJson = parsed->text.literals;
    std::ranges::sort(out.notJson);
    out.notJson.erase(std::unique(out.notJson.begin(), out.notJson.end()), out.notJson.end());
    return out;
}

std::string strictReaders(const TenantMetadata& metadata)
{
    if (metadata.notJson.empty())
        return {};
    std::string words;
    for (const std::string& word : metadata.notJson)
        words += (words.empty() ? "" : " and ") + word;
    return "The record holds " + words
        + ", which is not JSON. TypeScript, Go and Java clients cannot read it; Python clients can.";
}

TenantEdit planEdit(TenantPlan plan)
{
    return {.id = {}, .name = {}, .plan = std::string(name(plan)), .limits = limitsOf(plan)};
}

Result<Bytes> newTenant(std::string_view id, std::string_view displayName, TenantPlan plan, EpochMs nowMs)
{
    if (auto ok = checkTenantId(id); !ok)
        return tl::unexpected(ok.error());
    if (!isUtf8(displayName))
        return fail(ErrorKind::InvalidRequest, "the name is not valid UTF-8 text");
    constexpr auto dialect = Dialect::TypeScript;
    JsonEdit edit("{}");
    edit.append(0, "id", jsonQuoted(id), false);
    edit.append(0, "name", jsonQuoted(displayName), false);
    edit.append(0, "plan", jsonQuoted(name(plan)), false);
    edit.append(0, "createdAt", std::to_string(nowMs), false);
    edit.append(0, "limits", limitsText(limitsOf(plan), dialect), false);
    return edit.result();
}

Result<Bytes> rewriteTenant(std::string_view stored, const TenantEdit& edit)
{
    const auto parsed = parse(stored);
    if (!parsed)
        return tl::unexpected(parsed.error());
    if ((edit.name && !isUtf8(*edit.name)) || (edit.plan && !isUtf8(*edit.plan)))
        return fail(ErrorKind::InvalidRequest, "name and plan must be valid UTF-8 text");
    if (const auto ok = edit.id ? checkTenantId(*edit.id) : Result<void>(); !ok)
        return tl::unexpected(ok.error());
    const auto dialect = dialectOf(parsed->record, parsed->text);
    const bool ascii = dialect == Dialect::Python;
    JsonEdit out(parsed->text.strict);
    if (edit.id)
        set(out, 0, &Names::id, dialect, jsonQuoted(*edit.id, ascii));
    if (edit.name)
        set(out, 0, &Names::name, dialect, jsonQuoted(*edit.name, ascii));
    if (edit.plan)
        set(out, 0, &Names::plan, dialect, jsonQuoted(*edit.plan, ascii));
    if (edit.limits) {
        bool written = false;
        for (const JsonMember& each : jsonMembers(out.original())) {
            const bool wanted
                = std::ranges::any_of(dialects, [&](const Names& n) { return n.limits == each.name; });
            if (!wanted)
                continue;
            written = true;
            if (out.original()[each.begin] != '{') {
                out.replace(each, limitsText(*edit.limits, dialect));
                continue;
            }
            set(out, each.begin, &Names::maxKeys, dialect, keysText(*edit.limits));
            set(out, each.begin, &Names::maxStorage, dialect, numberText(edit.limits->maxStorageMb));
        }
        if (!written)
            out.append(
                0, namesOf(dialect).limits, limitsText(*edit.limits, dialect), dialect == Dialect::Python);
    }
    return out.result();
}

} // namespace norikv::client
