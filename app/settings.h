// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/settingsfile.h"

#include "client/profile.h"
#include "models/timecursor.h"

#include <QVariantMap>

#include <nlohmann/json_fwd.hpp>

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace norikv::app {

/// What QMainWindow needs to look as it was left. `version` belongs to the layout, not to the file: a window
/// with other docks takes another number and ignores what was saved for the old one.
struct WindowLayout {
    int version = 0;
    QByteArray geometry;
    QByteArray state;
};

/// What the program remembers between two runs: settings.json in the configuration directory. Values only;
/// no secrets, those belong into the key ring. Lives on the GUI thread, and never blocks it: save() makes a
/// snapshot that any thread may write.
class Settings {
public:
    explicit Settings(const QString& directory);
    ~Settings();

    /// Blocking; once, before the window. Always leaves usable settings. Returns what a person must know, for
    /// one notice, or nothing: an unusable file was moved aside, the backup or the defaults took its place.
    QString load();

    /// The settings of one moment. Blocking write; an older snapshot never overwrites a newer one.
    class Snapshot {
    public:
        client::Result<void> write() const { return m_file->write(m_bytes, m_number); }
        QByteArray bytes() const { return m_bytes; }

    private:
        friend class Settings;
        std::shared_ptr<SettingsFile> m_file;
        QByteArray m_bytes;
        quint64 m_number = 0;
    };
    Snapshot save();
    client::Result<void> saveNow() { return save().write(); } ///< blocking, for the end of the program

    QString path() const { return m_file->path(); }

    QString theme() const { return m_theme; } ///< "system", "light" or "dark"
    void setTheme(const QString& theme);

    std::string lastProfile() const { return m_lastProfile; } ///< id, empty on the first run
    void setLastProfile(const std::string& id) { m_lastProfile = id; }

    /// What was saved for this version of the layout; empty otherwise.
    WindowLayout window(int version) const { return m_window.version == version ? m_window : WindowLayout(); }
    void setWindow(const WindowLayout& window) { m_window = window; }

    /// Where in its pages a connection was left, by panel; plain values only. Empty when it was never open.
    QVariantMap places(const std::string& profile) const;
    void setPlaces(const std::string& profile, const QVariantMap& places);

    const std::vector<client::Profile>& profiles() const { return m_profiles; }
    void setProfiles(std::vector<client::Profile> profiles) { m_profiles = std::move(profiles); }
    const client::Profile* findProfile(const std::string& idOrName) const;

    int opsPerSecond() const { return m_opsPerSecond; } ///< what we may cause on servers that are not ours
    void setOpsPerSecond(int limit);

    /// How far back the time cursor reaches: 1 minute to a day, 1 MB to 16 GB.
    const models::TimeCursor::Limits& timeLimits() const { return m_timeLimits; }
    void setTimeLimits(const models::TimeCursor::Limits& limits) { m_timeLimits = limits; }

private:
    enum class Verdict { Good, Broken, Newer };
    Verdict read(const QByteArray& bytes);

    std::shared_ptr<SettingsFile> m_file;
    std::unique_ptr<nlohmann::json> m_kept; ///< the file as read, for the fields of other versions
    quint64 m_snapshots = 0;
    QString m_theme = QStringLiteral("system");
    std::string m_lastProfile;
    WindowLayout m_window;
    QVariantMap m_places; ///< by profile id
    std::vector<client::Profile> m_profiles;
    int m_opsPerSecond = 200;
    models::TimeCursor::Limits m_timeLimits;
};

} // namespace norikv::app
