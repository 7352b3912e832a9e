// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/dispatcher.h"
#include "models/journalmodel.h"

#include "client/connection.h"
#include "client/copyas.h"
#include "client/journal/undo.h"

#include <QObject>
#include <QTimer>

namespace norikv::models {

/// What an undo did, in words.
struct UndoText {
    QString summary;
    QStringList steps; ///< read again / compared / verified
    QString bestEffort; ///< why nobody could promise more
    bool good = false;
    bool mayForce
        = false; ///< something else is there: both values can be shown and the old one put back anyway
    QString before, found; ///< both values, clipped
};
UndoText undoText(const client::UndoReport& report);

/// Fills the journal's list and takes writes back. Lives on the GUI thread; the disk is touched on workers.
class JournalFeed final : public QObject {
    Q_OBJECT
public:
    /// All references must outlive the feed. Reads the older entries at once.
    JournalFeed(Dispatcher& dispatcher, client::Connection& connection, client::Journal& journal,
        const Clock& clock, QObject* parent = nullptr);

    JournalModel& model() { return m_model; }
    std::uint64_t damaged() const { return m_damaged; } ///< lines of the file that could not be read
    QString path() const;

    /// Takes one write back, with a person's word; ends in undone() or failed().
    void undo(std::uint64_t id, bool force = false);
    bool undoing() const { return m_undo.running(); }
    /// Everything the files hold, as the journal's own lines or as a script of grpcurl commands that repeats
    /// the writes that succeeded. Ends in exported() or failed().
    enum class Format { Ndjson, Script };
    void exportTo(const QString& file, Format format, const client::CopyTarget& target);
    /// Takes what is new into the list; the feed's own timer does it four times a second.
    void collect();

Q_SIGNALS:
    void undone(const norikv::client::UndoReport& report);
    void exported(const QString& file, int writes);
    void failed(const QString& text);
    void changed(); ///< rows came, or lines turned out to be damaged

private:
    client::Connection& m_connection;
    client::Journal& m_journal;
    Dispatcher& m_dispatcher;
    const Clock& m_clock;
    JournalModel m_model;
    QTimer m_timer;
    std::uint64_t m_damaged = 0;
    Job m_load, m_undo, m_export;
};

} // namespace norikv::models
