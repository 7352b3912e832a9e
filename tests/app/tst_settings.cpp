// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/settings.h"

#include "models/profilesmodel.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <random>
#include <sys/stat.h>
#include <unistd.h>

using nlohmann::json;
using norikv::app::Settings;
using norikv::client::GuardMode;
using norikv::client::Profile;

namespace {

Profile fullProfile()
{
    Profile p;
    p.id = "prod-1";
    p.name = "prod-eu ✓";
    p.folder = "Europe";
    p.colour = "#D0453F";
    p.environment = "production";
    p.guard = GuardMode::Confirm;
    p.seeds = {"db1.example:7447", "[::1]:7448"};
    p.httpAddresses = {"db1.example:8080", ""};
    p.addressMap = {{"10.0.0.1:7447", "localhost:17447"}};
    p.totalShards = 64;
    p.timeout = std::chrono::milliseconds(1234);
    p.maxMessageBytes = 5'000'000;
    p.plainTextAccepted = true;
    p.counters = {"page:views", std::string("bin\xff\0x", 6)};
    p.counterShards = {{"page:views", 20}, {std::string("\xfe"), 3}};
    p.tls = {"/ca.pem", "/cert.pem", "/key.pem", "db", "/token"};
    p.embedder = {norikv::client::EmbedderSettings::Kind::Endpoint, "http://localhost:11434", "nomic-embed-text", 32,
        "EMBED_KEY"};
    return p;
}

void expectSame(const Profile& a, const Profile& b)
{
    EXPECT_EQ(a.id, b.id);
    EXPECT_EQ(a.name, b.name);
    EXPECT_EQ(a.folder, b.folder);
    EXPECT_EQ(a.colour, b.colour);
    EXPECT_EQ(a.environment, b.environment);
    EXPECT_EQ(a.guard, b.guard);
    EXPECT_EQ(a.seeds, b.seeds);
    EXPECT_EQ(a.httpAddresses, b.httpAddresses);
    EXPECT_EQ(a.addressMap, b.addressMap);
    EXPECT_EQ(a.totalShards, b.totalShards);
    EXPECT_EQ(a.embedder, b.embedder);
    EXPECT_EQ(a.timeout, b.timeout);
    EXPECT_EQ(a.maxMessageBytes, b.maxMessageBytes);
    EXPECT_EQ(a.plainTextAccepted, b.plainTextAccepted);
    EXPECT_EQ(a.counters, b.counters);
    EXPECT_EQ(a.counterShards, b.counterShards);
    EXPECT_EQ(a.tls.caFile, b.tls.caFile);
    EXPECT_EQ(a.tls.certFile, b.tls.certFile);
    EXPECT_EQ(a.tls.keyFile, b.tls.keyFile);
    EXPECT_EQ(a.tls.serverName, b.tls.serverName);
    EXPECT_EQ(a.tls.tokenFile, b.tls.tokenFile);
}

class SettingsTest : public testing::Test {
protected:
    QString dir() const { return m_temp.path() + QStringLiteral("/a/config"); }
    QString file() const { return dir() + QStringLiteral("/settings.json"); }

    void put(const QByteArray& bytes, const QString& suffix = {}) const
    {
        QDir().mkpath(dir());
        QFile out(file() + suffix);
        ASSERT_TRUE(out.open(QIODevice::WriteOnly));
        out.write(bytes);
    }
    static QByteArray get(const QString& path)
    {
        QFile in(path);
        return in.open(QIODevice::ReadOnly) ? in.readAll() : QByteArray();
    }
    QStringList keptAside() const
    {
        return QDir(dir()).entryList(
            {QStringLiteral("settings.json.corrupt-*")}, QDir::AllEntries | QDir::System);
    }
    QByteArray goodFile() const
    {
        Settings settings(dir());
        settings.setProfiles({fullProfile()});
        settings.setTheme(QStringLiteral("dark"));
        settings.setLastProfile("prod-1");
        settings.setWindow({3, QByteArray("geo\0metry", 9), QByteArray("state")});
        return settings.save().bytes();
    }
    /// Loads, expects the old file kept byte by byte and a notice that names it.
    void expectMovedAside(const QByteArray& bytes)
    {
        Settings settings(dir());
        const QString notice = settings.load();
        ASSERT_EQ(keptAside().size(), 1) << notice.toStdString();
        EXPECT_TRUE(notice.contains(keptAside().first()));
        EXPECT_EQ(get(dir() + QLatin1Char('/') + keptAside().first()), bytes);
        EXPECT_TRUE(settings.profiles().empty());
        EXPECT_EQ(settings.theme(), QStringLiteral("system"));
        EXPECT_TRUE(settings.saveNow());
    }

    QTemporaryDir m_temp;
};

mode_t modeOf(const QString& path)
{
    struct stat info { };
    return ::lstat(QFile::encodeName(path).constData(), &info) == 0 ? info.st_mode & 07777 : 0;
}

} // namespace

TEST_F(SettingsTest, FirstRunHasDefaultsAndNoNotice)
{
    Settings settings(dir());
    EXPECT_TRUE(settings.load().isEmpty());
    EXPECT_TRUE(settings.profiles().empty());
    EXPECT_EQ(settings.opsPerSecond(), 200);
    EXPECT_EQ(
        settings.timeLimits(), (norikv::models::TimeCursor::Limits{std::chrono::minutes(30), 64U << 20U}));
    EXPECT_TRUE(settings.lastProfile().empty());
    EXPECT_FALSE(QFileInfo::exists(dir())); // looking makes nothing
}

TEST_F(SettingsTest, EverythingComesBack)
{
    put(goodFile());
    Settings settings(dir());
    EXPECT_TRUE(settings.load().isEmpty());
    ASSERT_EQ(settings.profiles().size(), 1U);
    expectSame(settings.profiles().front(), fullProfile());
    EXPECT_EQ(settings.theme(), QStringLiteral("dark"));
    EXPECT_EQ(settings.lastProfile(), "prod-1");
    EXPECT_EQ(settings.window(3).geometry, QByteArray("geo\0metry", 9));
    EXPECT_EQ(settings.window(3).state, QByteArray("state"));
    EXPECT_TRUE(settings.window(4).state.isEmpty()); // another layout ignores it
    EXPECT_EQ(settings.findProfile("prod-eu ✓"), settings.findProfile("prod-1"));
}

TEST_F(SettingsTest, OwnerOnlyWhateverTheUmask)
{
    const mode_t before = ::umask(0);
    Settings settings(dir());
    EXPECT_TRUE(settings.saveNow());
    settings.setOpsPerSecond(7);
    EXPECT_TRUE(settings.saveNow());
    ::umask(before);
    EXPECT_EQ(modeOf(file()), mode_t(0600));
    EXPECT_EQ(modeOf(file() + QStringLiteral(".bak")), mode_t(0600));
    EXPECT_EQ(modeOf(dir()), mode_t(0700));
    EXPECT_EQ(modeOf(m_temp.path() + QStringLiteral("/a")), mode_t(0700));
    EXPECT_EQ(QDir(dir()).entryList(QDir::Files).size(), 2); // no temporary file is left
}

TEST_F(SettingsTest, PlantedSymlinkIsReplacedAndNeverFollowed)
{
    const QString victim = m_temp.path() + QStringLiteral("/victim");
    QFile out(victim);
    ASSERT_TRUE(out.open(QIODevice::WriteOnly));
    out.write("precious");
    out.close();
    QDir().mkpath(dir());
    ASSERT_TRUE(QFile::link(victim, file()));
    ASSERT_TRUE(QFile::link(victim, file() + QStringLiteral(".bak")));
    Settings settings(dir());
    EXPECT_TRUE(settings.saveNow());
    settings.setOpsPerSecond(7);
    EXPECT_TRUE(settings.saveNow());
    EXPECT_EQ(get(victim), "precious");
    EXPECT_FALSE(QFileInfo(file()).isSymLink());
    EXPECT_FALSE(QFileInfo(file() + QStringLiteral(".bak")).isSymLink());
}

TEST_F(SettingsTest, DamageIsMovedAside)
{
    const QByteArray good = goodFile();
    const QByteArray cases[] = {"", QByteArray(4096, '\0'), good.left(good.size() / 2), "[]", "null", "7",
        "{}", R"({"version":"1"})", R"({"version":-3})", QByteArray(2'000'000, '['),
        R"({"version":1,"x":)" + QByteArray(1'000'000, '[') + QByteArray(1'000'000, ']') + "}",
        "{\"version\":1,\"theme\":\"\xff\xfe\"}"};
    for (const QByteArray& bytes : cases) {
        SCOPED_TRACE(bytes.left(40).toStdString());
        QDir(dir()).removeRecursively();
        put(bytes);
        expectMovedAside(bytes);
    }
}

TEST_F(SettingsTest, NewerVersionIsKeptForTheNewerProgram)
{
    const QByteArray bytes = R"({"version":2,"profiles":{"other":"shape"}})";
    put(bytes);
    expectMovedAside(bytes);
}

TEST_F(SettingsTest, HugeFileIsNotRead)
{
    put("{");
    ASSERT_TRUE(QFile::resize(file(), 1'000'000'000));
    QElapsedTimer timer;
    timer.start();
    Settings settings(dir());
    EXPECT_FALSE(settings.load().isEmpty());
    EXPECT_LT(timer.elapsed(), 200);
    EXPECT_EQ(keptAside().size(), 1);
}

TEST_F(SettingsTest, PipeOrDirectoryInThePlaceDoesNotHang)
{
    QDir().mkpath(dir());
    ASSERT_EQ(::mkfifo(QFile::encodeName(file()).constData(), 0600), 0);
    Settings first(dir());
    EXPECT_FALSE(first.load().isEmpty());
    QDir().mkpath(file());
    Settings second(dir());
    EXPECT_FALSE(second.load().isEmpty());
    EXPECT_TRUE(second.saveNow());
    EXPECT_EQ(keptAside().size(), 2); // names are unique within one second, too
}

TEST_F(SettingsTest, BackupStepsIn)
{
    Settings settings(dir());
    settings.setProfiles({fullProfile()});
    ASSERT_TRUE(settings.saveNow());
    settings.setOpsPerSecond(9);
    ASSERT_TRUE(settings.saveNow());
    put("garbage");
    Settings again(dir());
    const QString notice = again.load();
    EXPECT_TRUE(notice.contains(QStringLiteral("last good copy"))) << notice.toStdString();
    ASSERT_EQ(again.profiles().size(), 1U);
    EXPECT_EQ(again.opsPerSecond(), 200); // what was there one save before
    ASSERT_TRUE(again.saveNow());
    Settings third(dir());
    EXPECT_TRUE(third.load().isEmpty());
    EXPECT_EQ(third.profiles().size(), 1U);
}

TEST_F(SettingsTest, UnknownFieldsSurviveARewrite)
{
    json root = json::parse(goodFile().toStdString());
    root["later"] = {{"deep", {1, 2, 3}}};
    root["window"]["later"] = true;
    root["profiles"][0]["later"] = "kept";
    root["profiles"][0]["tls"]["later"] = 7;
    put(QByteArray::fromStdString(root.dump()));
    Settings settings(dir());
    EXPECT_TRUE(settings.load().isEmpty());
    auto profiles = settings.profiles();
    profiles.front().name = "renamed";
    settings.setProfiles(profiles);
    ASSERT_TRUE(settings.saveNow());
    const json now = json::parse(get(file()).toStdString());
    EXPECT_EQ(now["later"], root["later"]);
    EXPECT_EQ(now["window"]["later"], true);
    EXPECT_EQ(now["profiles"][0]["later"], "kept");
    EXPECT_EQ(now["profiles"][0]["tls"]["later"], 7);
    EXPECT_EQ(now["profiles"][0]["name"], "renamed");
}

TEST_F(SettingsTest, HowFarTheTimeCursorReachesComesBack)
{
    Settings settings(dir());
    settings.setTimeLimits({std::chrono::minutes(120), 256U << 20U});
    ASSERT_TRUE(settings.saveNow());
    Settings again(dir());
    EXPECT_TRUE(again.load().isEmpty());
    EXPECT_EQ(
        again.timeLimits(), (norikv::models::TimeCursor::Limits{std::chrono::minutes(120), 256U << 20U}));
}

TEST_F(SettingsTest, WrongValuesCostOnlyThemselves)
{
    json root = json::parse(goodFile().toStdString());
    root["theme"] = "purple";
    root["opsPerSecond"] = 1e300;
    root["timeCursor"] = {{"minutes", "soon"}, {"megabytes", "all"}};
    root["window"]["state"] = "!!not base64!!";
    json& p = root["profiles"][0];
    p["id"] = "../../etc/passwd";
    p["totalShards"] = -5;
    p["timeoutMs"] = 18446744073709551615ULL;
    p["maxMessageBytes"] = "big";
    p["colour"] = "red;}";
    p["guard"] = 12;
    p["plainTextAccepted"] = "true";
    p["nodes"].push_back({{"address", "http://x"}, {"http", 3}});
    p["counters"] = {1, "ok", "bad\\"};
    p["addressMap"] = json::array();
    root["profiles"].push_back("no object");
    put(QByteArray::fromStdString(root.dump()));
    Settings settings(dir());
    EXPECT_TRUE(settings.load().isEmpty());
    EXPECT_EQ(settings.theme(), QStringLiteral("system"));
    EXPECT_EQ(settings.opsPerSecond(), 200);
    EXPECT_EQ(settings.timeLimits(), norikv::models::TimeCursor::Limits());
    EXPECT_TRUE(settings.window(3).state.isEmpty());
    EXPECT_FALSE(settings.window(3).geometry.isEmpty());
    ASSERT_EQ(settings.profiles().size(), 1U);
    const Profile& read = settings.profiles().front();
    EXPECT_EQ(read.id.find('/'), std::string::npos);
    EXPECT_EQ(read.name, fullProfile().name);
    EXPECT_EQ(read.totalShards, 1U);
    EXPECT_EQ(read.timeout, std::chrono::minutes(10));
    EXPECT_EQ(read.maxMessageBytes, Profile().maxMessageBytes);
    EXPECT_TRUE(read.colour.empty());
    EXPECT_EQ(read.guard, GuardMode::ReadOnly); // not on this machine
    EXPECT_FALSE(read.plainTextAccepted);
    EXPECT_EQ(read.seeds, fullProfile().seeds);
    EXPECT_EQ(read.counters, std::vector<std::string>{"ok"});
    EXPECT_TRUE(read.addressMap.empty());
}

TEST_F(SettingsTest, OlderSnapshotNeverWins)
{
    Settings settings(dir());
    settings.setOpsPerSecond(1);
    const auto old = settings.save();
    settings.setOpsPerSecond(2);
    ASSERT_TRUE(settings.saveNow());
    EXPECT_TRUE(old.write());
    Settings again(dir());
    again.load();
    EXPECT_EQ(again.opsPerSecond(), 2);
}

TEST_F(SettingsTest, UnwritablePlaceIsAnError)
{
    put("a file where a directory should be", QStringLiteral("x"));
    Settings settings(file() + QStringLiteral("x/below"));
    const auto result = settings.saveNow();
    ASSERT_FALSE(result);
    EXPECT_FALSE(result.error().message.empty());
    EXPECT_FALSE(result.error().detail.empty());

    if (::geteuid() == 0)
        return; // root may write everywhere
    ASSERT_EQ(::chmod(QFile::encodeName(dir()).constData(), 0500), 0);
    Settings locked(dir());
    EXPECT_FALSE(locked.saveNow());
    ::chmod(QFile::encodeName(dir()).constData(), 0700);
}

/// trust R9: whatever happened to the file, the program starts, and nothing is lost.
TEST_F(SettingsTest, ThousandMutations)
{
    const QByteArray good = goodFile();
    std::mt19937 random(20240611); // NOLINT(cert-msc51-cpp): the same mutations each time
    const auto upTo = [&](qsizetype n) { return qsizetype(random() % std::mt19937::result_type(n)); };
    int usable = 0;
    for (int round = 0; round < 1000; ++round) {
        SCOPED_TRACE(round);
        QByteArray bytes = good;
        for (qsizetype changes = 1 + upTo(4); changes > 0; --changes) {
            const qsizetype at = bytes.isEmpty() ? 0 : upTo(bytes.size());
            switch (upTo(6)) {
            case 0:
                if (!bytes.isEmpty())
                    bytes[at] = char(bytes[at] ^ (1 << upTo(8)));
                break;
            case 1:
                bytes.truncate(at);
                break;
            case 2:
                bytes.replace(at, qMin<qsizetype>(64, bytes.size() - at), QByteArray(64, '\0'));
                break;
            case 3:
                bytes.remove(at, 1 + upTo(40));
                break;
            case 4:
                bytes.insert(at, good.mid(upTo(good.size()), 1 + upTo(60)));
                break;
            default:
                bytes.insert(at, char(random()));
                break;
            }
        }
        QDir(dir()).removeRecursively();
        put(bytes);
        Settings settings(dir());
        const QString notice = settings.load();
        if (notice.isEmpty()) {
            ++usable;
        } else {
            ASSERT_EQ(keptAside().size(), 1);
            ASSERT_EQ(get(dir() + QLatin1Char('/') + keptAside().first()), bytes);
        }
        for (const Profile& profile : settings.profiles()) {
            EXPECT_GE(profile.totalShards, 1U);
            EXPECT_EQ(profile.seeds.size(), profile.httpAddresses.size());
        }
        ASSERT_TRUE(settings.saveNow());
        Settings again(dir());
        ASSERT_TRUE(again.load().isEmpty());
        ASSERT_EQ(again.profiles().size(), settings.profiles().size());
        for (std::size_t i = 0; i < again.profiles().size(); ++i)
            expectSame(again.profiles()[i], settings.profiles()[i]);
    }
    EXPECT_GT(usable, 20);
    EXPECT_LT(usable, 980);
}
