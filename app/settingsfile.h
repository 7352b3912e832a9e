// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/result.h"

#include <QByteArray>
#include <QString>

#include <mutex>
#include <optional>

namespace norikv::app {

/// The bytes of settings.json on disk: read with a limit, written atomically, never through a planted
/// symbolic link, readable by the owner only. Knows nothing of their meaning. Safe from any thread.
class SettingsFile {
public:
    static constexpr qint64 MaxBytes = 16LL * 1024 * 1024;

    explicit SettingsFile(const QString& directory);

    QString path() const { return m_path; }
    QString backupPath() const { return m_path + QStringLiteral(".bak"); }

    enum class Presence { Missing, Present, Unreadable };
    struct Content {
        Presence presence = Presence::Missing;
        QByteArray bytes; ///< only when present
    };
    Content read() const;
    Content readBackup() const;

    /// Renames the file to settings.json.corrupt-<time> and returns the new path. Where that fails, every
    /// later write tries again first, so an old file is never overwritten.
    std::optional<QString> moveAside();

    /// What the next write keeps as the backup.
    void setLastGood(const QByteArray& bytes);

    /// Replaces the file; the bytes before become the backup. An older `number` than the last one written is
    /// skipped, so writes may arrive in any order.
    client::Result<void> write(const QByteArray& bytes, quint64 number);

private:
    std::optional<QString> rename();

    const QString m_directory;
    const QString m_path;
    std::mutex m_mutex;
    QByteArray m_lastGood;
    quint64 m_lastNumber = 0;
    bool m_inTheWay = false; ///< an unusable file that could not be moved aside
};

} // namespace norikv::app
