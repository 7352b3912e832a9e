// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/decode/merge.h"

#include "client/decode/diff.h"
#include "client/decode/json.h"

#include <algorithm>
#include <set>

namespace norikv::client {

namespace {

/// For each line of the base the line of the other text it became; None where it was changed or removed.
constexpr auto None = static_cast<std::size_t>(-1);

std::vector<std::size_t> kept(const LineDiff& diff, std::size_t baseLines)
{
    std::vector<std::size_t> out(baseLines, None);
    for (const auto& run : diff.runs) {
        for (std::size_t i = 0; run.what == LineDiff::What::Same && i < run.count; ++i)
            out[run.before + i] = run.after + i;
    }
    return out;
}

Bytes joined(const std::vector<std::string_view>& lines, std::size_t from, std::size_t to)
{
    Bytes out;
    for (std::size_t i = from; i < to; ++i)
        out += lines[i];
    return out;
}

/// A document of which every object names each field once.
struct Side {
    std::string text; ///< without white space, so that equal means equal
    JsonDocument document;
};

std::optional<Side> sideOf(std::string_view json)
{
    auto text = minifyJson(json);
    if (!text)
        return std::nullopt;
    auto document = parseJson(*text);
    if (!document || document->nodes[0].kind != JsonKind::Object)
        return std::nullopt;
    for (std::uint32_t node = 0; node < document->nodes.size(); ++node) {
        if (document->nodes[node].kind != JsonKind::Object)
            continue;
        std::set<std::string_view> names;
        for (std::uint32_t row = 0; row < document->nodes[node].children; ++row) {
            if (!names.insert(document->nodes[document->child(node, row)].key.of(*text)).second)
                return std::nullopt;
        }
    }
    return Side{std::move(*text), std::move(*document)};
}

} // namespace

class JsonMerge {
public:
    JsonMerge(const Side& base, const Side& mine, const Side& theirs)
        : m_base(base)
        , m_mine(mine)
        , m_theirs(theirs)
    {
    }

    Merge run()
    {
        m_out.byField = true;
        m_work.push_back({Task::What::Object, {}, {0, 0, 0}});
        while (!m_work.empty()) {
            const Task task = std::move(m_work.back());
            m_work.pop_back();
            if (task.what == Task::What::Close)
                m_out.m_pieces.push_back({Piece::What::Close, {}, 0});
            else if (task.what == Task::What::Object)
                object(task);
            else
                member(task);
        }
        return std::move(m_out);
    }

private:
    using Piece = Merge::Piece;
    /// A node in each of the three documents; None = not there.
    struct Three {
        std::uint32_t base = JsonNode::None;
        std::uint32_t mine = JsonNode::None;
        std::uint32_t theirs = JsonNode::None;
    };
    struct Task {
        enum class What { Object, Member, Close } what = What::Member;
        std::string_view name; ///< raw, with quotation marks; empty for the document
        Three at;
    };

    static std::optional<std::string_view> value(const Side& side, std::uint32_t node)
    {
        if (node == JsonNode::None)
            return std::nullopt;
        return side.document.nodes[node].value.of(side.text);
    }
    static bool isObject(const Side& side, std::uint32_t node)
    {
        return node != JsonNode::None && side.document.nodes[node].kind == JsonKind::Object;
    }
    using Names = std::vector<std::pair<std::string_view, std::uint32_t>>; // sorted
    static std::uint32_t find(const Names& names, std::string_view name)
    {
        const auto at = std::ranges::lower_bound(names, name, {}, &Names::value_type::first);
        return at != names.end() && at->first == name ? at->second : JsonNode::None;
    }
    static Names namesOf(const Side& side, std::uint32_t object)
    {
        Names out;
        if (object == JsonNode::None)
            return out;
        for (std::uint32_t row = 0; row < side.document.nodes[object].children; ++row) {
            const auto node = side.document.child(object, row);
            out.emplace_back(side.document.nodes[node].key.of(side.text), node);
        }
        std::ranges::sort(out);
        return out;
    }

    // In the order of theirs, then what only we have.
    void object(const Task& task)
    {
        m_out.m_pieces.push_back(
            {Piece::What::Open, task.name.empty() ? Bytes() : Bytes(task.name) + ":", 0});
        const auto base = namesOf(m_base, task.at.base);
        const auto mine = namesOf(m_mine, task.at.mine);
        const auto theirs = namesOf(m_theirs, task.at.theirs);
        std::vector<Task> members;
        const auto each = [&](const Side& side, std::uint32_t node, bool ours) {
            for (std::uint32_t row = 0; row < side.document.nodes[node].children; ++row) {
                const auto name = side.document.nodes[side.document.child(node, row)].key.of(side.text);
                const auto there = find(theirs, name);
                if (ours && there != JsonNode::None)
                    continue;
                members.push_back({Task::What::Member, name, {find(base, name), find(mine, name), there}});
            }
        };
        each(m_theirs, task.at.theirs, false);
        each(m_mine, task.at.mine, true);
        m_work.push_back({Task::What::Close, {}, {}});
        // The last pushed is done first.
        m_work.insert(m_work.end(), members.rbegin(), members.rend());
    }

    void member(const Task& task)
    {
        const auto base = value(m_base, task.at.base);
        const auto mine = value(m_mine, task.at.mine);
        const auto theirs = value(m_theirs, task.at.theirs);
        if (mine == theirs || mine == base) {
            m_out.fromTheirs += theirs != base && mine != theirs;
            write(task.name, theirs);
        } else if (theirs == base) {
            ++m_out.fromMine;
            write(task.name, mine);
        } else if (isObject(m_base, task.at.base) && isObject(m_mine, task.at.mine)
            && isObject(m_theirs, task.at.theirs)) {
            m_work.push_back({Task::What::Object, task.name, task.at});
        } else {
            MergeConflict conflict;
            conflict.where = task.at.theirs != JsonNode::None
                ? jsonPath(m_theirs.document, m_theirs.text, task.at.theirs)
                : jsonPath(m_mine.document, m_mine.text, task.at.mine);
            conflict.base = base;
            conflict.mine = mine;
            conflict.theirs = theirs;
            m_out.m_pieces.push_back({Piece::What::Conflict, Bytes(task.name) + ":", m_out.conflicts.size()});
            m_out.conflicts.push_back(std::move(conflict));
        }
    }
    void write(std::string_view name, const std::optional<std::string_view>& text)
    {
        if (text)
            m_out.m_pieces.push_back({Piece::What::Member, Bytes(name) + ":" + Bytes(*text), 0});
    }

    const Side& m_base;
    const Side& m_mine;
    const Side& m_theirs;
    std::vector<Task> m_work;
    Merge m_out;
};

Bytes Merge::result(std::span<const MergeSide> sides) const
{
    Bytes out;
    bool first = true; // in the object being written
    const auto comma = [&] {
        if (!first)
            out += ',';
        first = false;
    };
    for (const auto& piece : m_pieces) {
        switch (piece.what) {
        case Piece::What::Text:
            out += piece.text;
            break;
        case Piece::What::Open:
            comma();
            out += piece.text + '{';
            first = true;
            break;
        case Piece::What::Close:
            out += '}';
            first = false;
            break;
        case Piece::What::Member:
            comma();
            out += piece.text;
            break;
        case Piece::What::Conflict: {
            const auto& conflict = conflicts[piece.conflict];
            const bool mine = piece.conflict < sides.size() && sides[piece.conflict] == MergeSide::Mine;
            const auto& chosen = mine ? conflict.mine : conflict.theirs;
            if (!chosen)
                break;
            if (byField)
                comma();
            out += piece.text + *chosen;
            break;
        }
        }
    }
    if (!m_pretty)
        return out;
    auto pretty = prettyJson(out);
    return pretty ? std::move(*pretty) : out;
}

Merge mergeLines(
    std::string_view base, std::string_view mine, std::string_view theirs, const std::stop_token& stop)
{
    const auto old = splitLines(base);
    const auto ours = splitLines(mine);
    const auto others = splitLines(theirs);
    const auto inMine = kept(diffLines(old, ours, 1500, stop), old.size());
    const auto inTheirs = kept(diffLines(old, others, 1500, stop), old.size());
    using Piece = Merge::Piece;
    Merge out;
    std::size_t b = 0;
    std::size_t m = 0;
    std::size_t t = 0;
    while (b < old.size() || m < ours.size() || t < others.size()) {
        // Up to the next line that all three still have.
        std::size_t stable = b;
        while (stable < old.size() && (inMine[stable] == None || inTheirs[stable] == None))
            ++stable;
        const std::size_t mineEnd = stable < old.size() ? inMine[stable] : ours.size();
        const std::size_t theirsEnd = stable < old.size() ? inTheirs[stable] : others.size();
        if (stable > b || mineEnd > m || theirsEnd > t) {
            const Bytes was = joined(old, b, stable);
            Bytes we = joined(ours, m, mineEnd);
            Bytes they = joined(others, t, theirsEnd);
            if (we == they || we == was) {
                out.fromTheirs += we != they;
                out.m_pieces.push_back({Piece::What::Text, std::move(they), 0});
            } else if (they == was) {
                ++out.fromMine;
                out.m_pieces.push_back({Piece::What::Text, std::move(we), 0});
            } else {
                MergeConflict conflict;
                conflict.where = "line " + std::to_string(t + 1);
                conflict.base = was;
                conflict.mine = std::move(we);
                conflict.theirs = std::move(they);
                out.m_pieces.push_back({Piece::What::Conflict, {}, out.conflicts.size()});
                out.conflicts.push_back(std::move(conflict));
            }
        }
        b = stable;
        m = mineEnd;
        t = theirsEnd;
        if (b < old.size()) {
            out.m_pieces.push_back({Piece::What::Text, Bytes(old[b]), 0});
            ++b;
            ++m;
            ++t;
        }
    }
    return out;
}

Merge merge3(
    std::string_view base, std::string_view mine, std::string_view theirs, const std::stop_token& stop)
{
    const auto old = sideOf(base);
    const auto ours = old ? sideOf(mine) : std::nullopt;
    const auto others = ours ? sideOf(theirs) : std::nullopt;
    if (!others)
        return mergeLines(base, mine, theirs, stop);
    Merge out = JsonMerge(*old, *ours, *others).run();
    out.m_pretty = others->text != theirs;
    return out;
}

} // namespace norikv::client
