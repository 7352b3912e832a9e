// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/keyindex.h"
#include "models/keysource.h"

#include <QObject>

#include <memory>
#include <set>

namespace norikv::models {

/// The rows of a KeyStore that are shown, in the order shown, and the one place that changes a store while it
/// is on screen: it tells every model before and after. Without a filter, sorted by key, it owns nothing: the
/// store's order is what is shown. Lives on the GUI thread; its changing members need the store's mutex held.
class KeyView final : public QObject {
    Q_OBJECT
public:
    explicit KeyView(std::shared_ptr<KeyStore> store, QObject* parent = nullptr);

    const KeyStore& store() const { return *m_store; }
    const std::vector<KeyId>& rows() const { return m_whole ? m_store->order() : m_rows; }
    std::size_t size() const { return rows().size(); }
    const KeyMatcher& matcher() const { return m_matcher; }
    KeyOrder order() const { return m_order; }
    /// Row of a key, if shown.
    std::optional<std::size_t> rowOf(std::string_view key) const;
    std::optional<std::size_t> rowOf(KeyId id) const;

    /// The next keys in byte order. They are shown at once only where everything is shown by key; else
    /// unseen() grows and someone must extend() or show().
    void append(std::unique_ptr<KeyChunk> chunk);
    /// Position in the store's order up to which the view looked.
    std::size_t seen() const { return m_whole ? m_store->size() : m_seen; }
    bool current() const { return seen() == m_store->size(); }
    /// Adds rows, in byte order and behind those shown; the view has then looked at everything.
    void extend(const std::vector<KeyId>& rows);
    /// Shows other rows, or the same in another order. `rows` is ignored where everything is shown by key.
    void show(KeyMatcher matcher, KeyOrder order, std::vector<KeyId> rows);

    struct Applied {
        std::size_t inserted = 0;
        std::size_t removed = 0;
        std::size_t changed = 0;
    };
    /// Applies changes, one per key and in byte order of the keys. Needs current(). `favourites` are marked
    /// when they appear.
    Applied apply(std::vector<KeyChange> changes, const std::set<client::Bytes, std::less<>>& favourites);
    void setFavourite(std::string_view key, bool on);
    /// Everything looks different, nothing moved.
    void touchAll();

    /// Keys that came or went in the edit being told, in byte order; for models that group rows.
    struct Touched {
        bool everything = false; ///< other rows are shown than before
        bool appended = false; ///< only behind the last key
        std::vector<client::Bytes> keys;
        bool under(std::string_view prefix) const;
    };
    const Touched& touched() const { return m_touched; }

Q_SIGNALS:
    /// Around every change of rows(); between them come the finer signals.
    void editBegins();
    void editEnds();
    void rowsAboutToBeInserted(int first, int last);
    void rowsInserted();
    void rowsAboutToBeRemoved(int first, int last);
    void rowsRemoved();
    /// So many runs changed that naming each would cost more than laying out anew.
    void layoutAboutToBeChanged();
    void layoutChanged();
    void rowsChanged(int first, int last);

private:
    struct Insertion {
        std::size_t before; ///< position in the rows as they were
        KeyId id;
    };
    void edit(std::vector<KeyId>& rows, const std::vector<std::size_t>& removed,
        const std::vector<Insertion>& inserted);
    static void editSilently(std::vector<KeyId>& rows, const std::vector<std::size_t>& removed,
        const std::vector<Insertion>& inserted);
    void tellChanged(const std::vector<KeyId>& ids);
    bool shows(KeyId id) const { return m_matcher.everything() || m_matcher.matches(*m_store, id); }

    std::shared_ptr<KeyStore> m_store;
    KeyMatcher m_matcher;
    KeyOrder m_order;
    bool m_whole = true;
    std::vector<KeyId> m_rows;
    std::size_t m_seen = 0;
    Touched m_touched;
};

} // namespace norikv::models
