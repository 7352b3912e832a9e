// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/keyindex.h"

#include "models/text.h"

#include <QCoreApplication>

#include <algorithm>
#include <array>
#include <limits>

#include <string.h> // memmem is not in <cstring>

namespace norikv::models {

namespace {

constexpr std::size_t AskEvery = 4096; // rows between two looks at the stop token

/// Bytes that a pattern names, up to its first special character.
std::string literalStart(std::string_view glob)
{
    std::string start;
    for (std::size_t i = 0; i < glob.size(); ++i) {
        const char c = glob[i];
        if (c == '*' || c == '?' || c == '[')
            break;
        if (c == '\\' && i + 1 < glob.size())
            ++i;
        start.push_back(glob[i]);
    }
    return start;
}

/// One item of a pattern against one byte; moves `p` behind the item.
bool itemMatches(std::string_view pattern, std::size_t& p, unsigned char c)
{
    const char item = pattern[p];
    if (item == '?') {
        ++p;
        return true;
    }
    if (item == '\\' && p + 1 < pattern.size()) {
        p += 2;
        return static_cast<unsigned char>(pattern[p - 1]) == c;
    }
    const std::size_t close = item == '[' ? pattern.find(']', p + 2) : std::string_view::npos;
    if (close == std::string_view::npos) {
        ++p;
        return static_cast<unsigned char>(item) == c;
    }
    std::size_t i = p + 1;
    const bool negated = pattern[i] == '!' || pattern[i] == '^';
    if (negated)
        ++i;
    bool in = false;
    for (; i < close; ++i) {
        const auto low = static_cast<unsigned char>(pattern[i]);
        auto high = low;
        if (i + 2 < close && pattern[i + 1] == '-') {
            high = static_cast<unsigned char>(pattern[i + 2]);
            i += 2;
        }
        in = in || (low <= c && c <= high);
    }
    p = close + 1;
    return in != negated;
}

/// Kinds in the order of their names, which is how they are shown.
std::uint64_t rankOf(client::KeyKind kind)
{
    static const auto ranks = [] {
        constexpr std::size_t kinds = std::size_t(client::KeyKind::Other) + 1;
        std::array<std::uint64_t, kinds> rank{};
        for (std::size_t i = 0; i < kinds; ++i) {
            for (std::size_t j = 0; j < kinds; ++j)
                rank[i] += client::name(client::KeyKind(j)) < client::name(client::KeyKind(i)) ? 1 : 0;
        }
        return rank;
    }();
    return ranks[std::size_t(kind)];
}

std::uint64_t versionNumber(client::Version version) { return (version.term << 48U) + version.index; }

std::uint64_t expiryNumber(EpochMs at)
{
    return at == 0 ? std::numeric_limits<std::uint64_t>::max() : static_cast<std::uint64_t>(at);
}

/// What a row sorts by, so that a plain comparison gives the order; not for By::Key.
std::uint64_t sortNumber(const KeyRow& row, KeyOrder order)
{
    std::uint64_t number = 0;
    switch (order.by) {
    case KeyOrder::By::Key:
        break;
    case KeyOrder::By::Kind:
        number = rankOf(row.kind);
        break;
    case KeyOrder::By::Size:
        number = row.size;
        break;
    case KeyOrder::By::Expiry:
        number = expiryNumber(row.expiresAtMs);
        break;
    case KeyOrder::By::Version:
        number = versionNumber(row.version);
        break;
    }
    return order.descending ? ~number : number;
}

} // namespace

bool globMatches(std::string_view pattern, std::string_view text)
{
    std::size_t p = 0;
    std::size_t t = 0;
    std::size_t afterStar = std::string_view::npos;
    std::size_t retry = 0;
    while (t < text.size()) {
        if (p < pattern.size() && pattern[p] == '*') {
            afterStar = ++p;
            retry = t;
            continue;
        }
        if (p < pattern.size() && itemMatches(pattern, p, static_cast<unsigned char>(text[t]))) {
            ++t;
            continue;
        }
        if (afterStar == std::string_view::npos)
            return false;
        // The last star takes one byte more; earlier ones need not be tried again.
        p = afterStar;
        t = ++retry;
    }
    while (p < pattern.size() && pattern[p] == '*')
        ++p;
    return p == pattern.size();
}

tl::expected<KeyMatcher, KeyMatcher::Problem> KeyMatcher::make(const KeyFilter& filter, const client::Bytes& scope)
{
    KeyMatcher matcher;
    matcher.m_filter = filter;
    matcher.m_scope = scope;
    if (filter.text.isEmpty())
        return matcher;
    if (filter.mode == KeyFilter::Mode::Regex) {
        matcher.m_regex.setPattern(filter.text);
        if (!matcher.m_regex.isValid()) {
            return tl::unexpected(
                Problem{matcher.m_regex.errorString(), matcher.m_regex.patternErrorOffset()});
        }
        matcher.m_regex.optimize();
        return matcher;
    }
    const std::string typed = filter.text.toStdString();
    if (filter.mode == KeyFilter::Mode::Glob) {
        matcher.m_needle = typed;
        matcher.m_start = literalStart(typed);
        return matcher;
    }
    // A lone backslash is more likely meant as itself than as a broken escape.
    matcher.m_needle = client::fromPrintable(typed).value_or(typed);
    if (filter.mode == KeyFilter::Mode::Prefix)
        matcher.m_start = matcher.m_needle;
    return matcher;
}

bool KeyMatcher::keyMatches(std::string_view key) const
{
    if (!key.starts_with(m_scope))
        return false;
    if (m_filter.text.isEmpty())
        return true;
    switch (m_filter.mode) {
    case KeyFilter::Mode::Substring:
        return key.find(m_needle) != std::string_view::npos;
    case KeyFilter::Mode::Prefix:
        return key.starts_with(m_needle);
    case KeyFilter::Mode::Glob:
        return globMatches(m_needle, key);
    case KeyFilter::Mode::Regex:
        break;
    }
    const QString text = client::isUtf8(key)
        ? QString::fromUtf8(key.data(), static_cast<qsizetype>(key.size()))
        : QString::fromStdString(client::printable(key));
    return m_regex.match(text).hasMatch();
}

bool KeyMatcher::rowMatches(const KeyRow& row) const
{
    return (!m_filter.onlyFavourites || (row.flags & FavouriteFlag) != 0)
        && (!m_filter.onlyWithoutExpiry || row.expiresAtMs == 0)
        && (m_filter.kinds.empty() || m_filter.kinds.contains(row.kind));
}

/// A bit for every id whose key holds the needle: each chunk's bytes are searched as one text.
std::vector<std::uint64_t> KeyMatcher::hits(
    const KeyStore& store, std::size_t from, const std::stop_token& stop, KeyProgress* progress) const
{
    const auto chunks = store.chunks();
    std::vector<std::uint64_t> bits(chunks.size() * (KeyChunk::Capacity / 64));
    std::vector<bool> wanted(chunks.size(), from == 0);
    for (std::size_t i = from; from != 0 && i < store.size(); ++i)
        wanted[store.order()[i] >> KeyChunk::Bits] = true;
    for (std::size_t c = 0; c < chunks.size(); ++c) {
        if (stop.stop_requested())
            break;
        if (progress)
            progress->done = c * store.size() / chunks.size();
        if (!wanted[c])
            continue;
        const std::string_view all = chunks[c]->bytes();
        const auto starts = chunks[c]->starts();
        const char* const begin = all.data();
        const char* const end = begin + all.size();
        std::size_t slot = 0;
        for (const char* at = begin; at < end;) {
            const void* found
                = ::memmem(at, static_cast<std::size_t>(end - at), m_needle.data(), m_needle.size());
            if (!found)
                break;
            const auto offset = static_cast<std::size_t>(static_cast<const char*>(found) - begin);
            const auto after
                = std::upper_bound(starts.begin() + static_cast<std::ptrdiff_t>(slot), starts.end(), offset);
            slot = static_cast<std::size_t>(after - starts.begin()) - 1;
            if (offset + m_needle.size() > *after) { // begins in one key and ends in the next
                at = begin + offset + 1;
                continue;
            }
            const std::size_t id = (c << KeyChunk::Bits) + slot;
            bits[id / 64] |= std::uint64_t(1) << (id % 64);
            at = begin + *after;
        }
    }
    return bits;
}

std::vector<KeyId> KeyMatcher::select(
    const KeyStore& store, std::size_t from, const std::stop_token& stop, KeyProgress* progress) const
{
    const auto& order = store.order();
    std::size_t last = order.size();
    for (const std::string& start : {std::cref(m_scope), std::cref(m_start)}) {
        if (start.empty())
            continue;
        from = std::max(from, store.lowerBound(start));
        last = std::max(from, std::min(last, store.endOfPrefix(start)));
    }
    if (progress)
        progress->total = order.size();
    const bool rows = m_filter.onlyFavourites || m_filter.onlyWithoutExpiry || !m_filter.kinds.empty();
    const bool searched = !m_filter.text.isEmpty() && m_filter.mode == KeyFilter::Mode::Substring;
    const bool each = !m_filter.text.isEmpty() && !searched && m_filter.mode != KeyFilter::Mode::Prefix;
    std::vector<std::uint64_t> bits;
    if (searched)
        bits = hits(store, from, stop, progress);
    std::vector<KeyId> out;
    for (std::size_t i = from; i < last; ++i) {
        if (i % AskEvery == 0) {
            if (stop.stop_requested())
                break;
            if (progress && !searched)
                progress->done = i;
        }
        const KeyId id = order[i];
        if (searched && ((bits[id / 64] >> (id % 64)) & 1U) == 0)
            continue;
        if (rows && !rowMatches(store.row(id)))
            continue;
        if (each && !keyMatches(store.key(id)))
            continue;
        out.push_back(id);
    }
    return out;
}

bool KeyLess::operator()(KeyId a, KeyId b) const { return (*this)(a, m_store->row(b)); }

bool KeyLess::operator()(KeyId a, const KeyRow& b) const
{
    if (m_order.by == KeyOrder::By::Key)
        return m_order.descending ? b.key < m_store->key(a) : m_store->key(a) < b.key;
    const KeyRow left = m_store->row(a);
    const std::uint64_t l = sortNumber(left, m_order);
    const std::uint64_t r = sortNumber(b, m_order);
    return l != r ? l < r : left.key < b.key;
}

bool KeyLess::differ(const KeyRow& before, const KeyRow& after) const
{
    return m_order.by != KeyOrder::By::Key && sortNumber(before, m_order) != sortNumber(after, m_order);
}

std::vector<KeyId> sorted(const KeyStore& store, std::vector<KeyId> rows, KeyOrder order,
    const std::stop_token& stop, KeyProgress* progress)
{
    if (order.by == KeyOrder::By::Key) {
        if (order.descending)
            std::ranges::reverse(rows);
        return rows;
    }
    struct Item {
        std::uint64_t number;
        KeyId id;
    };
    constexpr std::size_t Digit = 256;
    constexpr unsigned Digits = 8;
    std::vector<Item> items(rows.size());
    std::array<std::array<std::size_t, Digit>, Digits> counts{};
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const std::uint64_t number = sortNumber(store.row(rows[i]), order);
        items[i] = {number, rows[i]};
        for (unsigned d = 0; d < Digits; ++d)
            ++counts[d][(number >> (8 * d)) & (Digit - 1)];
    }
    if (progress) {
        progress->total = Digits;
        progress->done = 1;
    }
    // By one byte after the other, from the lowest: keeps the byte order of keys among equals. A byte that is
    // the same everywhere needs no pass, and most are.
    std::vector<Item> other(items.size());
    for (unsigned d = 0; d < Digits; ++d) {
        if (stop.stop_requested())
            return rows;
        auto& count = counts[d];
        if (items.empty() || std::ranges::find(count, items.size()) != count.end())
            continue;
        std::size_t place = 0;
        for (std::size_t& n : count)
            place += std::exchange(n, place);
        for (const Item& item : items)
            other[count[(item.number >> (8 * d)) & (Digit - 1)]++] = item;
        items.swap(other);
        if (progress)
            progress->done = d + 1;
    }
    for (std::size_t i = 0; i < rows.size(); ++i)
        rows[i] = items[i].id;
    return rows;
}

} // namespace norikv::models
