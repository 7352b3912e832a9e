// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/catalogue.h"
#include "models/dispatcher.h"
#include "models/keysfeed.h"

#include <QObject>

#include <vector>

namespace norikv::models {

/// The keys that a person marked, kept by the catalogue from one start to the next. GUI thread.
class Favourites final : public QObject {
    Q_OBJECT
public:
    using Keys = KeysFeed::Keys;

    /// Reads them in the background: changed(). `catalogue` must outlive the dispatcher's workers.
    Favourites(Dispatcher& dispatcher, Catalogue& catalogue, QObject* parent = nullptr);

    const Keys& keys() const { return m_keys; }
    bool contains(const client::Bytes& key) const { return m_keys.contains(key); }
    /// Takes effect at once; a catalogue that cannot be written says so itself.
    void set(const client::Bytes& key, bool on);

Q_SIGNALS:
    void changed();

private:
    Dispatcher& m_dispatcher;
    Catalogue& m_catalogue;
    Keys m_keys;
    Keys m_touched; ///< set here before the catalogue was read: what it says of these is older
    Job m_readJob;
    std::vector<Job> m_writes; ///< each runs to its end
};

} // namespace norikv::models
