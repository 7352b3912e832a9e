// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/catalogue.h"
#include "models/dispatcher.h"

#include <QObject>

#include <map>
#include <vector>

namespace norikv::models {

/// What a person wrote about a key, kept by the catalogue on this computer and never sent. One key at a time.
/// GUI thread.
class KeyNotes final : public QObject {
    Q_OBJECT
public:
    static constexpr int Longest = 500; ///< characters

    /// `catalogue` must outlive the dispatcher's workers.
    KeyNotes(Dispatcher& dispatcher, Catalogue& catalogue, QObject* parent = nullptr);

    /// Reads the note of this key: changed() once it is known. The same key again is not read again.
    void show(const client::Bytes& key);
    const client::Bytes& key() const { return m_key; }
    const QString& note() const { return m_note; }
    /// An empty text takes the note away. A catalogue that cannot be written says so itself.
    void set(const client::Bytes& key, const QString& text);

Q_SIGNALS:
    void changed();

private:
    Dispatcher& m_dispatcher;
    Catalogue& m_catalogue;
    client::Bytes m_key;
    QString m_note;
    Job m_read;
    std::map<client::Bytes, QString> m_underWay; ///< notes that are being written
    std::vector<Job> m_writes; ///< each runs to its end
};

} // namespace norikv::models
