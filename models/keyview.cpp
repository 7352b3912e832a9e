// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/keyview.h"

#include <algorithm>

namespace norikv::models {

namespace {

constexpr std::size_t MostRuns = 16; // beyond, one new layout is cheaper than telling each

template <class Less>
std::size_t positionOf(const std::vector<KeyId>& rows, const auto& what, const Less& less)
{
    const auto place
        = std::partition_point(rows.begin(), rows.end(), [&](KeyId id) { return less(id, what); });
    return static_cast<std::size_t>(place - rows.begin());
}

bool same(const KeyRow& a, const KeyRow& b)
{
    return a.version == b.version && a.size == b.size && a.expiresAtMs == b.expiresAtMs
        && a.provenance == b.provenance && a.kind == b.kind && (a.flags & StaleFlag) == (b.flags & StaleFlag);
}

} // namespace

bool KeyView::Touched::under(std::string_view prefix) const
{
    const auto first = std::ranges::lower_bound(
        keys, prefix, std::ranges::less(), [](const client::Bytes& key) { return std::string_view(key); });
    return first != keys.end() && first->starts_with(prefix);
}

KeyView::KeyView(std::shared_ptr<KeyStore> store, QObject* parent)
    : QObject(parent)
    , m_store(std::move(store))
{
}

std::optional<std::size_t> KeyView::rowOf(KeyId id) const
{
    const auto& all = rows();
    const std::size_t row = positionOf(all, id, KeyLess(*m_store, m_order));
    if (row == all.size() || all[row] != id)
        return std::nullopt;
    return row;
}

std::optional<std::size_t> KeyView::rowOf(std::string_view key) const
{
    const auto id = m_store->find(key);
    return id ? rowOf(*id) : std::nullopt;
}

void KeyView::append(std::unique_ptr<KeyChunk> chunk)
{
    if (!chunk || chunk->size() == 0)
        return;
    if (!m_whole) {
        m_store->append(std::move(chunk));
        return;
    }
    m_touched = {};
    m_touched.appended = true;
    Q_EMIT editBegins();
    const auto first = static_cast<int>(m_store->size());
    Q_EMIT rowsAboutToBeInserted(first, first + static_cast<int>(chunk->size()) - 1);
    m_store->append(std::move(chunk));
    Q_EMIT rowsInserted();
    Q_EMIT editEnds();
}

void KeyView::extend(const std::vector<KeyId>& rows)
{
    m_seen = m_store->size();
    if (rows.empty() || m_whole)
        return;
    m_touched = {};
    m_touched.appended = true;
    Q_EMIT editBegins();
    const auto first = static_cast<int>(m_rows.size());
    Q_EMIT rowsAboutToBeInserted(first, first + static_cast<int>(rows.size()) - 1);
    m_rows.insert(m_rows.end(), rows.begin(), rows.end());
    Q_EMIT rowsInserted();
    Q_EMIT editEnds();
}

void KeyView::show(KeyMatcher matcher, KeyOrder order, std::vector<KeyId> rows)
{
    m_touched = {};
    m_touched.everything = true;
    Q_EMIT editBegins();
    Q_EMIT layoutAboutToBeChanged();
    m_matcher = std::move(matcher);
    m_order = order;
    m_whole = m_matcher.everything() && order.natural();
    if (m_whole)
        rows = {};
    m_rows = std::move(rows);
    m_seen = m_store->size();
    Q_EMIT layoutChanged();
    Q_EMIT editEnds();
}

KeyView::Applied KeyView::apply(
    std::vector<KeyChange> changes, const std::set<client::Bytes, std::less<>>& favourites)
{
    // First everything is looked up, then changed: rows are found by values that are still in order.
    Applied applied;
    const KeyLess less(*m_store, m_order);
    std::vector<std::size_t> gone; // of the store's order
    std::vector<Insertion> come;
    std::vector<std::size_t> hidden; // of the rows shown
    std::vector<Insertion> shown;
    std::vector<std::pair<KeyId, KeyRow>> updates;
    std::vector<KeyId> freed;
    m_touched = {};
    for (KeyChange& change : changes) {
        const std::size_t at = m_store->lowerBound(change.key);
        const bool known = at < m_store->size() && m_store->key(m_store->order()[at]) == change.key;
        KeyRow& row = change.row;
        row.key = change.key;
        if (change.kind == KeyChange::Kind::Put && known) {
            const KeyId id = m_store->order()[at];
            row.flags = static_cast<std::uint8_t>(row.flags | (m_store->flags(id) & FavouriteFlag));
            const KeyRow before = m_store->row(id);
            if (same(before, row))
                continue;
            updates.emplace_back(id, row);
            if (m_whole)
                continue;
            const auto place = rowOf(id);
            const bool stays = m_matcher.matches(row);
            const bool moves = place && less.differ(before, row);
            if (place && (!stays || moves))
                hidden.push_back(*place);
            if (stays && (!place || moves))
                shown.push_back({positionOf(m_rows, row, less), id});
            if (stays != place.has_value())
                m_touched.keys.push_back(change.key);
            continue;
        }
        if (change.kind == KeyChange::Kind::Put) {
            if (favourites.contains(change.key))
                row.flags = static_cast<std::uint8_t>(row.flags | FavouriteFlag);
            const KeyId id = m_store->place(row); // not found by anyone before the order names it
            come.push_back({at, id});
            if (!m_whole && m_matcher.matches(row))
                shown.push_back({positionOf(m_rows, row, less), id});
        } else if (known) {
            const KeyId id = m_store->order()[at];
            gone.push_back(at);
            freed.push_back(id);
            if (const auto place = m_whole ? std::nullopt : rowOf(id))
                hidden.push_back(*place);
        } else {
            continue;
        }
        m_touched.keys.push_back(change.key);
    }
    for (const auto& [id, row] : updates)
        m_store->update(id, row);
    applied = {come.size(), gone.size(), updates.size()};
    if (m_whole) {
        edit(m_store->orderForEditing(), gone, come);
    } else {
        std::ranges::sort(hidden);
        std::ranges::sort(shown, [&](const Insertion& a, const Insertion& b) {
            return a.before != b.before ? a.before < b.before : less(a.id, b.id);
        });
        editSilently(m_store->orderForEditing(), gone, come);
        edit(m_rows, hidden, shown);
        m_seen = m_store->size();
    }
    m_store->release(freed);
    std::vector<KeyId> altered;
    for (const auto& update : updates)
        altered.push_back(update.first);
    tellChanged(altered);
    return applied;
}

void KeyView::tellChanged(const std::vector<KeyId>& ids)
{
    // A view repaints what of a range is visible: one wide range is cheaper than many narrow ones.
    std::optional<std::size_t> first;
    std::size_t last = 0;
    for (const KeyId id : ids) {
        const auto row = rowOf(id);
        if (!row)
            continue;
        if (ids.size() <= MostRuns)
            Q_EMIT rowsChanged(static_cast<int>(*row), static_cast<int>(*row));
        first = std::min(first.value_or(*row), *row);
        last = std::max(last, *row);
    }
    if (first && ids.size() > MostRuns)
        Q_EMIT rowsChanged(static_cast<int>(*first), static_cast<int>(last));
}

void KeyView::setFavourite(std::string_view key, bool on)
{
    const auto id = m_store->find(key);
    if (!id)
        return;
    const auto place = rowOf(*id);
    m_store->setFlag(*id, FavouriteFlag, on);
    const bool stays = shows(*id);
    m_touched = {};
    if (m_whole || stays == place.has_value()) {
        tellChanged({*id});
    } else if (place) {
        m_touched.everything = true;
        edit(m_rows, {*place}, {});
    } else {
        m_touched.everything = true;
        edit(m_rows, {}, {{positionOf(m_rows, *id, KeyLess(*m_store, m_order)), *id}});
    }
}

void KeyView::touchAll()
{
    if (size() > 0)
        Q_EMIT rowsChanged(0, static_cast<int>(size()) - 1);
}

void KeyView::editSilently(
    std::vector<KeyId>& rows, const std::vector<std::size_t>& removed, const std::vector<Insertion>& inserted)
{
    if (removed.empty() && inserted.empty())
        return;
    std::vector<KeyId> next;
    next.reserve(rows.size() + inserted.size() - removed.size());
    auto gone = removed.begin();
    auto come = inserted.begin();
    std::size_t from = 0;
    while (gone != removed.end() || come != inserted.end()) {
        const bool inserts = come != inserted.end() && (gone == removed.end() || come->before <= *gone);
        const std::size_t to = inserts ? come->before : *gone;
        next.insert(next.end(), rows.begin() + static_cast<std::ptrdiff_t>(from),
            rows.begin() + static_cast<std::ptrdiff_t>(to));
        from = to;
        if (inserts) {
            next.push_back(come->id);
            ++come;
        } else {
            ++from;
            ++gone;
        }
    }
    next.insert(next.end(), rows.begin() + static_cast<std::ptrdiff_t>(from), rows.end());
    rows = std::move(next);
}

void KeyView::edit(
    std::vector<KeyId>& rows, const std::vector<std::size_t>& removed, const std::vector<Insertion>& inserted)
{
    if (removed.empty() && inserted.empty())
        return;
    struct Run {
        std::size_t begin, end; // positions removed, or of `inserted`
        bool removes;
        std::size_t at;
    };
    std::vector<Run> runs;
    const auto insertsAt = [&](std::size_t place) {
        return std::ranges::binary_search(inserted, place, {}, &Insertion::before);
    };
    for (std::size_t i = 0; i < removed.size() && runs.size() <= MostRuns;) {
        std::size_t end = i + 1;
        while (end < removed.size() && removed[end] == removed[end - 1] + 1 && !insertsAt(removed[end]))
            ++end;
        runs.push_back({removed[i], removed[end - 1] + 1, true, removed[i]});
        i = end;
    }
    for (std::size_t i = 0; i < inserted.size() && runs.size() <= MostRuns;) {
        std::size_t end = i + 1;
        while (end < inserted.size() && inserted[end].before == inserted[i].before)
            ++end;
        runs.push_back({i, end, false, inserted[i].before});
        i = end;
    }
    Q_EMIT editBegins();
    if (runs.size() > MostRuns) {
        Q_EMIT layoutAboutToBeChanged();
        editSilently(rows, removed, inserted);
        Q_EMIT layoutChanged();
        Q_EMIT editEnds();
        return;
    }
    // From the last to the first, so that positions before stay what they are; where a removal and an
    // insertion begin at one place the removal comes first.
    std::ranges::sort(runs,
        [](const Run& a, const Run& b) { return a.at != b.at ? a.at > b.at : a.removes && !b.removes; });
    for (const Run& run : runs) {
        const auto at = rows.begin() + static_cast<std::ptrdiff_t>(run.at);
        if (run.removes) {
            Q_EMIT rowsAboutToBeRemoved(static_cast<int>(run.begin), static_cast<int>(run.end) - 1);
            rows.erase(at, at + static_cast<std::ptrdiff_t>(run.end - run.begin));
            Q_EMIT rowsRemoved();
        } else {
            const std::size_t count = run.end - run.begin;
            Q_EMIT rowsAboutToBeInserted(static_cast<int>(run.at), static_cast<int>(run.at + count) - 1);
            rows.insert(at, count, 0);
            for (std::size_t i = 0; i < count; ++i)
                rows[run.at + i] = inserted[run.begin + i].id;
            Q_EMIT rowsInserted();
        }
    }
    Q_EMIT editEnds();
}

} // namespace norikv::models
