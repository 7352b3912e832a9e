// SPDX-License-Identifier: GPL-3.0-or-later
// Which keys match and in what order: pure work over a KeyStore, made to run on a worker.
#pragma once

#include "models/keystore.h"

#include <QRegularExpression>
#include <QString>

#include <tl/expected.hpp>

#include <atomic>
#include <functional>
#include <optional>
#include <set>
#include <stop_token>

namespace norikv::models {

/// What a person asks a list of keys to show.
struct KeyFilter {
    enum class Mode { Substring, Prefix, Glob, Regex };
    Mode mode = Mode::Substring;
    QString text; ///< empty = any key; in client::printable notation, except a regular expression
    std::set<client::KeyKind> kinds; ///< empty = any
    bool onlyFavourites = false;
    bool onlyWithoutExpiry = false;

    bool empty() const { return text.isEmpty() && kinds.empty() && !onlyFavourites && !onlyWithoutExpiry; }
    bool operator==(const KeyFilter&) const = default;
};

/// How a list is sorted. Equal rows stay in byte order of their keys.
struct KeyOrder {
    enum class By { Key, Kind, Size, Expiry, Version };
    By by = By::Key;
    bool descending = false;
    bool natural() const { return by == By::Key && !descending; }
    bool operator==(const KeyOrder&) const = default;
};

/// How far a worker is; read from any thread.
struct KeyProgress {
    std::atomic<std::size_t> done{0};
    std::atomic<std::size_t> total{0};
};

/// A filter made ready. Immutable and safe to use from several threads at once.
class KeyMatcher {
public:
    struct Problem {
        QString message; ///< why a pattern cannot be used
        qsizetype offset = -1; ///< character it is about, where known
    };
    /// Only keys that begin with `scope` match, whatever the filter says; empty = no such bound.
    static tl::expected<KeyMatcher, Problem> make(const KeyFilter& filter, const client::Bytes& scope = {});
    KeyMatcher() = default; ///< matches everything

    bool everything() const { return m_filter.empty() && m_scope.empty(); }
    const KeyFilter& filter() const { return m_filter; }
    bool matches(const KeyStore& store, KeyId id) const { return matches(store.row(id)); }
    bool matches(const KeyRow& row) const { return rowMatches(row) && keyMatches(row.key); }

    /// The ids of order()[from..] that match, in that order; what is there when `stop` asks to end.
    std::vector<KeyId> select(const KeyStore& store, std::size_t from, const std::stop_token& stop,
        KeyProgress* progress = nullptr) const;

private:
    bool keyMatches(std::string_view key) const;
    bool rowMatches(const KeyRow& row) const;
    std::vector<std::uint64_t> hits(
        const KeyStore& store, std::size_t from, const std::stop_token& stop, KeyProgress* progress) const;

    KeyFilter m_filter;
    client::Bytes m_scope;
    std::string m_needle; ///< of every mode but Regex
    std::string m_start; ///< every match begins with this: a range of order() is enough
    QRegularExpression m_regex;
};

/// `text` with `*`, `?`, `[a-z]`, `[!a-z]` and `\` before a character that means itself; bytes, not letters.
bool globMatches(std::string_view pattern, std::string_view text);

/// Compares two rows as a sorted list does.
class KeyLess {
public:
    KeyLess(const KeyStore& store, KeyOrder order)
        : m_store(&store)
        , m_order(order)
    {
    }
    bool operator()(KeyId a, KeyId b) const;
    /// The same for a row as it was before it changed.
    bool operator()(KeyId a, const KeyRow& b) const;
    /// Does the change move the row? Both are states of one key.
    bool differ(const KeyRow& before, const KeyRow& after) const;

private:
    const KeyStore* m_store;
    KeyOrder m_order;
};

/// `rows`, given in byte order, in the order asked for. Ends early, with the rows as they came, when `stop`
/// asks.
std::vector<KeyId> sorted(const KeyStore& store, std::vector<KeyId> rows, KeyOrder order,
    const std::stop_token& stop, KeyProgress* progress = nullptr);

} // namespace norikv::models
