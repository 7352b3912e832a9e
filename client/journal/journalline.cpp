// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/journal/journalline.h"

#include "client/bulk/jsonentry.h"

#include <array>

namespace norikv::client {

namespace {

constexpr std::array Kinds{std::pair{WriteKind::Put, std::string_view("put")},
    std::pair{WriteKind::Remove, std::string_view("delete")},
    std::pair{WriteKind::Bulk, std::string_view("bulk")},
    std::pair{WriteKind::Other, std::string_view("other")}};
constexpr std::array Statuses{std::pair{WriteStatus::Pending, std::string_view("pending")},
    std::pair{WriteStatus::Ok, std::string_view("ok")},
    std::pair{WriteStatus::Failed, std::string_view("failed")},
    std::pair{WriteStatus::Unknown, std::string_view("unknown")}};

template <class Table, class Value> std::string_view textOf(const Table& table, Value value)
{
    for (const auto& [known, text] : table) {
        if (known == value)
            return text;
    }
    return {};
}

template <class Table> auto valueOf(const Table& table, std::string_view text)
{
    std::optional<typename Table::value_type::first_type> value;
    for (const auto& [known, name] : table) {
        if (name == text)
            value = known;
    }
    return value;
}

bool hasValues(WriteKind kind) { return kind == WriteKind::Put || kind == WriteKind::Remove; }

tl::unexpected<Error> bad(const char* what) { return fail(ErrorKind::BadData, what); }

Json entryJson(const Entry& entry, std::uint32_t shard, bool hasValue)
{
    return recordToJson({entry, hasValue, shard, std::nullopt});
}

Result<Entry> entryFrom(const Json& line, const char* name)
{
    const auto found = line.find(name);
    if (found == line.end() || !found->is_object())
        return bad("a value before or after is missing");
    return recordFromJson(*found).map([](NdjsonRecord record) { return std::move(record.entry); });
}

Result<void> readIntent(const Json& line, const std::string& op, JournalLine& out)
{
    JournalEntry& entry = out.entry;
    const auto kind = valueOf(Kinds, op);
    const auto at = takeNumber(line, "at_ms");
    auto why = takeText(line, "why");
    auto file = takeText(line, "file");
    const auto undoes = takeNumber(line, "undoes");
    if (!kind || !at || !*at || !why || !file || !undoes)
        return bad("an intent is not whole");
    entry.kind = *kind;
    entry.atMs = static_cast<EpochMs>(**at);
    entry.why = std::move(*why);
    entry.file = std::move(*file);
    entry.undoes = undoes->value_or(0);
    const auto cas = line.find("cas");
    entry.cas = cas != line.end() && cas->is_boolean() && cas->get<bool>();
    if (!hasValues(entry.kind)) {
        auto key = takeBytes(line, "key");
        if (!key)
            return tl::unexpected(key.error());
        entry.key = key->value_or(Bytes());
        return {};
    }
    auto before = entryFrom(line, "before");
    auto after = entryFrom(line, "after");
    if (!before || !after || before->key != after->key)
        return bad("the value before or after cannot be read");
    entry.before = std::move(*before);
    entry.after = std::move(*after);
    entry.key = entry.before.key;
    const auto shard = takeNumber(line["before"], "shard");
    entry.shard = static_cast<std::uint32_t>(shard ? shard->value_or(0) : 0);
    return {};
}

} // namespace

std::string_view name(WriteKind kind) { return textOf(Kinds, kind); }
std::string_view name(WriteStatus status) { return textOf(Statuses, status); }

std::string intentLine(const JournalEntry& entry)
{
    Json line = Json::object();
    line["id"] = entry.id;
    line["at_ms"] = entry.atMs;
    line["op"] = std::string(name(entry.kind));
    if (entry.cas)
        line["cas"] = true;
    if (isUtf8(entry.why))
        line["why"] = entry.why;
    if (!entry.file.empty())
        line["file"] = printable(entry.file);
    if (entry.undoes != 0)
        line["undoes"] = entry.undoes;
    if (!hasValues(entry.kind)) {
        putBytes(line, "key", entry.key);
    } else {
        line["before"] = entryJson(entry.before, entry.shard, entry.before.exists());
        line["after"] = entryJson(entry.after, entry.shard, entry.kind == WriteKind::Put);
    }
    return line.dump();
}

std::string outcomeLine(std::uint64_t id, const WriteOutcome& outcome)
{
    Json line = Json::object();
    line["id"] = id;
    line["status"] = std::string(name(outcome.status));
    line["took_us"] = outcome.took.count();
    if (outcome.version)
        line["version"] = Json{{"term", outcome.version->term}, {"index", outcome.version->index}};
    if (!outcome.problem.empty())
        line["problem"] = isUtf8(outcome.problem) ? outcome.problem : printable(outcome.problem);
    return line.dump();
}

Result<JournalLine> parseJournalLine(std::string_view text)
{
    const auto line = parseObject(text);
    if (!line)
        return tl::unexpected(line.error());
    JournalLine out;
    const auto id = takeNumber(*line, "id");
    const auto op = takeText(*line, "op");
    auto problem = takeText(*line, "problem");
    const auto took = takeNumber(*line, "took_us");
    if (!id || !*id || !op || !problem || !took)
        return bad("the line is not whole");
    out.entry.id = **id;
    if (!op->empty()) {
        out.intent = true;
        if (auto read = readIntent(*line, *op, out); !read)
            return tl::unexpected(read.error());
        return out;
    }
    const auto statusText = takeText(*line, "status");
    const auto status = statusText ? valueOf(Statuses, *statusText) : std::nullopt;
    if (!status)
        return bad("it is neither an intent nor an outcome");
    out.outcome.status = *status;
    out.outcome.took = std::chrono::microseconds(static_cast<std::int64_t>(took->value_or(0)));
    out.outcome.problem = std::move(*problem);
    const auto version = line->find("version");
    if (version != line->end() && version->is_object()) {
        const auto term = takeNumber(*version, "term");
        const auto index = takeNumber(*version, "index");
        if (term && index && *index)
            out.outcome.version = Version{term->value_or(0), **index};
    }
    return out;
}

} // namespace norikv::client
