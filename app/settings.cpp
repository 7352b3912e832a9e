// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/settings.h"

#include "app/profilejson.h"

#include "client/bytes.h"

#include <QCoreApplication>
#include <QDir>
#include <QJsonDocument>
#include <QJsonObject>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <set>

namespace norikv::app {

namespace {

using nlohmann::json;

constexpr std::int64_t Version = 1;
constexpr int MaxDepth = 32;
constexpr int MaxOpsPerSecond = 100'000;
constexpr std::size_t MaxBlob = 1024 * 1024;

QString tr(const char* text) { return QCoreApplication::translate("settings", text); }

/// Parses without exceptions and without ever building a deep tree, which json::dump could not walk.
json parse(const QByteArray& bytes)
{
    bool tooDeep = false;
    const auto watch = [&tooDeep](int depth, json::parse_event_t, json&) {
        tooDeep = tooDeep || depth > MaxDepth;
        return depth <= MaxDepth;
    };
    json root = json::parse(bytes.begin(), bytes.end(), watch, false);
    return tooDeep ? json(json::value_t::discarded) : root;
}

QByteArray blobIn(const json& from, const char* key)
{
    const std::string text = textIn(from, key, MaxBlob);
    const auto decoded = QByteArray::fromBase64Encoding(QByteArray::fromStdString(text),
        QByteArray::Base64Encoding | QByteArray::AbortOnBase64DecodingErrors);
    return decoded ? *decoded : QByteArray();
}

std::string blob(const QByteArray& bytes) { return bytes.toBase64().toStdString(); }

const json& memberOrNull(const json& from, const char* key)
{
    static const json nothing;
    const auto found = from.find(key);
    return found == from.end() ? nothing : *found;
}

bool isTheme(const QString& text)
{
    return text == QStringLiteral("system") || text == QStringLiteral("light")
        || text == QStringLiteral("dark");
}

/// The objects of the old profile list by id, to keep what other versions wrote into them.
std::map<std::string, json> profilesById(const json& list)
{
    std::map<std::string, json> byId;
    if (list.is_array()) {
        for (const json& one : list) {
            if (one.is_object())
                byId.emplace(textIn(one, "id"), one);
        }
    }
    return byId;
}

} // namespace

Settings::Settings(const QString& directory)
    : m_file(std::make_shared<SettingsFile>(directory))
    , m_kept(std::make_unique<json>(json::object()))
{
}

Settings::~Settings() = default;

QString Settings::load()
{
    using Presence = SettingsFile::Presence;
    const auto main = m_file->read();
    if (main.presence == Presence::Missing)
        return {};
    const Verdict verdict = main.presence == Presence::Present ? read(main.bytes) : Verdict::Broken;
    if (verdict == Verdict::Good) {
        m_file->setLastGood(main.bytes);
        return {};
    }
    const auto aside = m_file->moveAside();
    const auto backup = m_file->readBackup();
    const bool restored = backup.presence == Presence::Present && read(backup.bytes) == Verdict::Good;
    if (restored)
        m_file->setLastGood(backup.bytes);

    const QString why = verdict == Verdict::Newer ? tr("The settings were written by a newer version.")
                                                  : tr("The settings file could not be read.");
    const QString now
        = restored ? tr("The last good copy of them is used.") : tr("Default settings are used.");
    const QString where = aside
        ? tr("The old file is kept as %1.").arg(QDir::toNativeSeparators(*aside))
        : tr("It could not be moved aside, so nothing is saved over it: %1.").arg(m_file->path());
    return why + QLatin1Char(' ') + now + QLatin1Char(' ') + where;
}

Settings::Verdict Settings::read(const QByteArray& bytes)
{
    json root = parse(bytes);
    if (!root.is_object())
        return Verdict::Broken;
    const json& version = memberOrNull(root, "version");
    if (!version.is_number_integer() || version < 1)
        return Verdict::Broken;
    if (version > Version)
        return Verdict::Newer;

    const QString theme = QString::fromStdString(textIn(root, "theme"));
    m_theme = isTheme(theme) ? theme : QStringLiteral("system");
    m_lastProfile = textIn(root, "lastProfile");
    m_opsPerSecond = static_cast<int>(numberIn(root, "opsPerSecond", 1, MaxOpsPerSecond, 200));
    const json& timeCursor = memberOrNull(root, "timeCursor");
    const models::TimeCursor::Limits usual;
    m_timeLimits.span = std::chrono::minutes(
        static_cast<int>(numberIn(timeCursor, "minutes", 1, 24 * 60, usual.span.count())));
    m_timeLimits.bytes = static_cast<std::size_t>(numberIn(timeCursor, "megabytes", 1, 16'384,
                             static_cast<std::int64_t>(usual.bytes >> 20U)))
        << 20U;
    const json& window = memberOrNull(root, "window");
    m_window.version = static_cast<int>(numberIn(window, "layout", 0, 1'000'000, 0));
    m_window.geometry = blobIn(window, "geometry");
    m_window.state = blobIn(window, "state");
    const json& places = memberOrNull(root, "places");
    m_places = places.is_object()
        ? QJsonDocument::fromJson(QByteArray::fromStdString(places.dump())).object().toVariantMap()
        : QVariantMap();
    m_profiles.clear();
    std::set<std::string> ids;
    if (const json& list = memberOrNull(root, "profiles"); list.is_array()) {
        for (const json& one : list) {
            if (!one.is_object())
                continue;
            client::Profile profile = readProfile(one);
            if (!ids.insert(profile.id).second)
                profile.id = client::randomUuid();
            m_profiles.push_back(std::move(profile));
        }
    }
    *m_kept = std::move(root);
    return Verdict::Good;
}

Settings::Snapshot Settings::save()
{
    json& root = *m_kept;
    root["version"] = Version;
    root["theme"] = m_theme.toStdString();
    root["lastProfile"] = m_lastProfile;
    root["opsPerSecond"] = m_opsPerSecond;
    json& timeCursor = root["timeCursor"];
    if (!timeCursor.is_object())
        timeCursor = json::object();
    timeCursor["minutes"] = m_timeLimits.span.count();
    timeCursor["megabytes"] = m_timeLimits.bytes >> 20U;
    json& window = root["window"];
    if (!window.is_object())
        window = json::object();
    window["layout"] = m_window.version;
    window["geometry"] = blob(m_window.geometry);
    window["state"] = blob(m_window.state);
    root["places"] = json::parse(
        QJsonDocument(QJsonObject::fromVariantMap(m_places)).toJson(QJsonDocument::Compact).toStdString(),
        nullptr, false);
    auto before = profilesById(memberOrNull(root, "profiles"));
    json list = json::array();
    for (const client::Profile& profile : m_profiles) {
        json one = json::object();
        if (const auto old = before.find(profile.id); old != before.end())
            one = std::move(old->second);
        writeProfile(profile, one);
        list.push_back(std::move(one));
    }
    root["profiles"] = std::move(list);

    Snapshot snapshot;
    snapshot.m_file = m_file;
    snapshot.m_bytes
        = QByteArray::fromStdString(root.dump(2, ' ', false, json::error_handler_t::replace) + '\n');
    snapshot.m_number = ++m_snapshots;
    return snapshot;
}

QVariantMap Settings::places(const std::string& profile) const
{
    return m_places.value(QString::fromStdString(profile)).toMap();
}

void Settings::setPlaces(const std::string& profile, const QVariantMap& places)
{
    m_places.insert(QString::fromStdString(profile), places);
}

void Settings::setTheme(const QString& theme)
{
    if (isTheme(theme))
        m_theme = theme;
}

void Settings::setOpsPerSecond(int limit) { m_opsPerSecond = std::clamp(limit, 1, MaxOpsPerSecond); }

const client::Profile* Settings::findProfile(const std::string& idOrName) const
{
    for (const auto member : {&client::Profile::id, &client::Profile::name}) {
        const auto found = std::ranges::find(m_profiles, idOrName, member);
        if (found != m_profiles.end())
            return &*found;
    }
    return nullptr;
}

} // namespace norikv::app
