// SPDX-License-Identifier: GPL-3.0-or-later
// The command line as scripts use it: the real program, its output and its exit codes.
#include "tests/e2e/servers.h"
#include "tests/e2e/waiting.h"
#include "tests/support/slower.h"

#include <QFile>
#include <QImage>
#include <QProcess>
#include <QTcpServer>
#include <QTcpSocket>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <thread>

namespace norikv::tests {
namespace {

using nlohmann::json;

const std::vector<std::string> CheckIds{"connect", "kv", "meta", "explore", "explore.watch", "vector",
    "admin.snapshot", "admin.transfer", "http.health", "http.metrics", "faults"};

class CliTest : public testing::Test {
protected:
    struct Ended {
        int code = -1;
        std::string out;
        std::string err;
        std::chrono::milliseconds took{};
    };

    /// Runs the program in a configuration folder of its own.
    Ended run(QStringList arguments)
    {
        arguments << QStringLiteral("--config") << QString::fromStdString(config.path().string());
        QProcess process;
        dieWithUs(process);
        Stopwatch watch;
        process.start(QStringLiteral(NORIKV_WORKBENCH_BINARY), arguments, QIODevice::ReadOnly);
        // By the event loop, so that this process can serve the one it waits for.
        const bool ended = waitFor([&] { return process.state() == QProcess::NotRunning; }, 30s);
        EXPECT_TRUE(ended) << "still running: " << arguments.join(u' ').toStdString();
        Ended result;
        result.took = watch.elapsed();
        if (!ended) {
            process.kill();
            process.waitForFinished();
            return result;
        }
        EXPECT_EQ(process.exitStatus(), QProcess::NormalExit) << "it crashed";
        result.code = process.exitCode();
        result.out = process.readAllStandardOutput().toStdString();
        result.err = process.readAllStandardError().toStdString();
        return result;
    }

    json probe(const std::string& target, int expectedCode)
    {
        const auto ended = run({QStringLiteral("--probe"), QStringLiteral("--json"), qt(target)});
        EXPECT_EQ(ended.code, expectedCode) << ended.err;
        EXPECT_LE(ended.took, 3500ms) << target;
        return oneLine(ended.out);
    }

    json audit(const std::string& target, int expectedCode, const QStringList& more = {})
    {
        const auto ended
            = run(QStringList{QStringLiteral("--audit"), QStringLiteral("--json"), qt(target)} + more);
        EXPECT_EQ(ended.code, expectedCode) << ended.out << ended.err;
        return oneLine(ended.out);
    }

    /// So many ms until the picture is taken; a sanitized program needs longer to come up.
    static QString after(int ms) { return QString::number(test::Slower > 1 ? 4 * ms : ms); }

    static json oneLine(const std::string& out)
    {
        EXPECT_EQ(std::count(out.begin(), out.end(), '\n'), 1) << out;
        auto parsed = json::parse(out, nullptr, false);
        EXPECT_TRUE(parsed.is_object()) << out;
        return parsed;
    }

    static std::map<std::string, std::string> states(const json& report)
    {
        std::map<std::string, std::string> byId;
        std::vector<std::string> order;
        for (const json& check : report["checks"]) {
            order.push_back(check["id"]);
            byId[check["id"]] = check["state"];
            EXPECT_GE(check["ms"].get<double>(), 0);
            EXPECT_TRUE(check["detail"].is_string());
        }
        EXPECT_EQ(order, CheckIds);
        return byId;
    }

    static void expectUnreachable(const json& report, const std::string& kind)
    {
        EXPECT_EQ(report["reachable"], false);
        EXPECT_EQ(report["error"]["kind"], kind) << report.dump();
        EXPECT_FALSE(report["error"]["what"].get<std::string>().empty());
        EXPECT_FALSE(report["error"]["remedy"].get<std::string>().empty());
    }

    void saveProfile(const LiveServer& server, const json& more)
    {
        json profile{{"id", "shop"}, {"name", "The shop"},
            {"nodes", {{{"address", server.address()}, {"http", server.httpAddress()}}}}};
        profile.update(more);
        std::ofstream(config / "settings.json") << json{{"version", 1}, {"profiles", {profile}}};
    }

    static QString qt(const std::string& text) { return QString::fromStdString(text); }

    TempFolder config;
};

TEST_F(CliTest, VersionAndHelp)
{
    const auto version = run({QStringLiteral("--version")});
    EXPECT_EQ(version.code, 0);
    EXPECT_TRUE(version.out.starts_with("norikv-workbench ")) << version.out;
    const auto help = run({QStringLiteral("--help")});
    EXPECT_EQ(help.code, 0);
    for (const char* option : {"--sandbox", "--demo", "--panel", "--open", "--read-only", "--confirm-writes",
             "--config", "--theme", "--screenshot", "--size", "--after", "--probe", "--audit", "--for",
             "--shard-budget", "--json", "--tls-ca", "--tls-cert", "--tls-key", "--tls-server-name",
             "--token-file", "--version", "--help"})
        EXPECT_NE(help.out.find(option), std::string::npos) << option;
    EXPECT_FALSE(std::filesystem::exists(config / "settings.json")) << "nothing is written for these";
}

TEST_F(CliTest, AWrongArgumentIsOneSentence)
{
    const std::pair<QStringList, const char*> wrong[] = {{{QStringLiteral("--nope")}, "--nope"},
        {{QStringLiteral("--panel"), QStringLiteral("nosuch")}, "nosuch"},
        {{QStringLiteral("--theme"), QStringLiteral("pink")}, "pink"},
        {{QStringLiteral("--size"), QStringLiteral("12")}, "--size"},
        {{QStringLiteral("--after"), QStringLiteral("soon")}, "--after"},
        {{QStringLiteral("--demo=quiet")}, "quiet"}, {{QStringLiteral("a"), QStringLiteral("b")}, "b:"},
        {{QStringLiteral("--demo"), QStringLiteral("--sandbox")}, "exclude"},
        {{QStringLiteral("--demo"), QStringLiteral("host:1")}, "host:1"}};
    for (const auto& [arguments, words] : wrong) {
        const auto ended = run(arguments);
        EXPECT_EQ(ended.code, 2) << words;
        EXPECT_EQ(ended.out, "") << words;
        EXPECT_NE(ended.err.find(words), std::string::npos) << ended.err;
        EXPECT_EQ(std::count(ended.err.begin(), ended.err.end(), '\n'), 1) << ended.err;
    }
}

TEST_F(CliTest, DemoScreenshot)
{
    const QString file = qt(config / "demo.png");
    const auto ended = run({QStringLiteral("--demo"), QStringLiteral("--panel"), QStringLiteral("counters"),
        QStringLiteral("--screenshot"), file, QStringLiteral("--after"), after(1500),
        QStringLiteral("--size"), QStringLiteral("1280x800"), QStringLiteral("--theme"),
        QStringLiteral("dark")});
    EXPECT_EQ(ended.code, 0) << ended.err;
    const json line = oneLine(ended.out);
    std::set<std::string> names;
    for (const auto& [name, value] : line.items())
        names.insert(name);
    EXPECT_EQ(names, (std::set<std::string>{"panel", "size", "theme", "figures"}));
    EXPECT_EQ(line["panel"], "counters");
    EXPECT_EQ(line["size"], "1280x800");
    EXPECT_EQ(line["theme"], "dark");
    EXPECT_GE(line["figures"]["counters"].get<int>(), 1);
    EXPECT_GT(line["figures"]["rate"].get<double>(), 0);
    const QImage picture(file);
    EXPECT_EQ(picture.size(), QSize(1280, 800));
    EXPECT_LT(picture.pixelColor(640, 400).lightness(), 128) << "a dark theme is dark";
    EXPECT_FALSE(std::filesystem::exists(config / "settings.json")) << "a picture changes no settings";
}

// A page that needs more room than it gets widens the window, and the inspector leaves the screen.
TEST_F(CliTest, EveryPanelFitsIntoASmallWindow)
{
    for (const char* panel :
        {"sessions", "inventory", "ratelimits", "cache", "leaders", "events", "tenants", "vectors", "keys"}) {
        const auto ended = run({QStringLiteral("--demo=calm"), QStringLiteral("--panel"),
            QString::fromLatin1(panel), QStringLiteral("--screenshot"), qt(config / "a.png"),
            QStringLiteral("--after"), after(1500), QStringLiteral("--size"), QStringLiteral("1280x800")});
        ASSERT_EQ(ended.code, 0) << ended.err;
        EXPECT_EQ(oneLine(ended.out)["size"], "1280x800") << panel;
        EXPECT_EQ(oneLine(ended.out)["panel"], panel);
    }
}

TEST_F(CliTest, DemoReadOnlyWritesNothing)
{
    const auto ended
        = run({QStringLiteral("--demo=calm"), QStringLiteral("--read-only"), QStringLiteral("--screenshot"),
            qt(config / "a.png"), QStringLiteral("--after"), after(1200), QStringLiteral("--size"),
            QStringLiteral("1024x640"), QStringLiteral("--theme"), QStringLiteral("light")});
    ASSERT_EQ(ended.code, 0) << ended.err;
    const json line = oneLine(ended.out);
    EXPECT_EQ(line["size"], "1024x640");
    EXPECT_GE(line["figures"]["counters"].get<int>(), 1) << "the seeded store is shown";
    EXPECT_EQ(line["figures"]["acknowledged"], 0);
    EXPECT_EQ(line["figures"]["rate"], 0);
    const QImage picture(qt(config / "a.png"));
    EXPECT_GT(picture.pixelColor(512, 320).lightness(), 128) << "a light theme is light";
}

TEST_F(CliTest, APictureThatCannotBeWrittenIsSaid)
{
    const auto ended = run({QStringLiteral("--screenshot"), QStringLiteral("/nowhere/a.png")});
    EXPECT_EQ(ended.code, 2);
    EXPECT_NE(ended.err.find("/nowhere/a.png"), std::string::npos) << ended.err;
}

TEST_F(CliTest, CorruptSettingsAreMovedAside)
{
    const std::string rubbish = "{\"version\": 1, \"profiles\": [";
    std::ofstream(config / "settings.json") << rubbish;
    const auto ended = run({QStringLiteral("--screenshot"), qt(config / "a.png")});
    EXPECT_EQ(ended.code, 0) << ended.err;
    EXPECT_FALSE(std::filesystem::exists(config / "settings.json"));
    std::vector<std::filesystem::path> kept;
    for (const auto& file : std::filesystem::directory_iterator(config.path())) {
        if (file.path().filename().string().starts_with("settings.json.corrupt-"))
            kept.push_back(file.path());
    }
    ASSERT_EQ(kept.size(), 1U);
    std::ifstream aside(kept.front());
    EXPECT_EQ(std::string(std::istreambuf_iterator<char>(aside), {}), rubbish);
}

TEST_F(CliTest, ProbeOfASoundSandbox)
{
    const LiveServer server;
    ASSERT_TRUE(server.ready());
    const json report = probe(server.address(), 0);
    EXPECT_EQ(report["target"], server.address());
    EXPECT_EQ(report["reachable"], true);
    EXPECT_FALSE(report.contains("error"));
    const auto state = states(report);
    for (const char* id : {"connect", "kv", "meta", "explore", "explore.watch", "admin.snapshot"})
        EXPECT_EQ(state.at(id), "ok") << id;
    EXPECT_EQ(state.at("admin.transfer"), "absent") << "as on every server that was shipped";
    EXPECT_EQ(state.at("http.health"), "skipped") << "no address is known";
    EXPECT_EQ(state.at("faults"), "absent");
    EXPECT_EQ(OtherClient(server.seeds()).get("norikv-workbench:probe").exists(), false) << "it never writes";
}

TEST_F(CliTest, ProbeOfASavedConnectionByName)
{
    const LiveServer server{{"--faults"}};
    ASSERT_TRUE(server.ready());
    saveProfile(server, json::object());
    const json report = probe("The shop", 0);
    EXPECT_EQ(report["target"], "The shop");
    const auto state = states(report);
    EXPECT_EQ(state.at("http.health"), "ok");
    EXPECT_EQ(state.at("http.metrics"), "ok");
    EXPECT_EQ(state.at("faults"), "ok");
}

TEST_F(CliTest, ProbeOfAServerThatImitatesTheShippedOne)
{
    const LiveServer server{{"--as-shipped"}};
    ASSERT_TRUE(server.ready());
    const auto state = states(probe(server.target(), 0));
    for (const char* id : {"connect", "kv", "meta", "admin.snapshot"})
        EXPECT_EQ(state.at(id), "ok") << id;
    for (const char* id : {"explore", "explore.watch", "vector", "admin.transfer", "faults"})
        EXPECT_EQ(state.at(id), "absent") << id;
}

TEST_F(CliTest, ProbeOfAPortWhereNobodyListens)
{
    const json report = probe("127.0.0.1:" + std::to_string(freePort()), 2);
    expectUnreachable(report, "refused");
    const auto state = states(report);
    EXPECT_EQ(state.at("connect"), "failed");
    EXPECT_EQ(state.at("kv"), "skipped");
}

TEST_F(CliTest, ProbeOfTheHttpPort)
{
    const LiveServer server;
    ASSERT_TRUE(server.ready());
    const json report = probe(server.httpAddress(), 2);
    expectUnreachable(report, "not-grpc");
    EXPECT_NE(report["error"]["remedy"].get<std::string>().find("HTTP"), std::string::npos);
}

/// Answers everybody with the same bytes and closes, or says nothing at all.
class OddListener : public QTcpServer {
public:
    explicit OddListener(QByteArray greeting)
        : m_greeting(std::move(greeting))
    {
        listen(QHostAddress::LocalHost);
        connect(this, &QTcpServer::newConnection, this, [this] {
            while (QTcpSocket* guest = nextPendingConnection()) {
                if (m_greeting.isEmpty())
                    continue;
                connect(guest, &QTcpSocket::readyRead, guest, [this, guest] {
                    guest->readAll();
                    guest->write(m_greeting);
                    guest->disconnectFromHost();
                });
            }
        });
    }
    std::string address() const { return "127.0.0.1:" + std::to_string(serverPort()); }

private:
    const QByteArray m_greeting;
};

TEST_F(CliTest, ProbeOfSomethingThatIsNoGrpc)
{
    const OddListener mail("220 mail.example.org ESMTP\r\n");
    expectUnreachable(probe(mail.address(), 2), "not-grpc");
}

TEST_F(CliTest, ProbeOfAListenerThatNeverAnswers)
{
    const OddListener silent({});
    const json report = probe(silent.address(), 2);
    expectUnreachable(report, "timeout");
}

TEST_F(CliTest, ProbeOfAFrozenServer)
{
    const LiveServer server;
    ASSERT_TRUE(server.ready());
    server.signal(SIGSTOP);
    expectUnreachable(probe(server.address(), 2), "timeout");
}

TEST_F(CliTest, ProbeOfWhatIsNoTarget)
{
    for (const char* target :
        {"http://localhost:7447", "127.0.0.1:notaport", "norikv://", "127.0.0.1:99999"}) {
        const json report = probe(target, 2);
        expectUnreachable(report, "bad-target");
        EXPECT_EQ(report["target"], target);
    }
}

TEST_F(CliTest, AuditOfACleanStore)
{
    const LiveServer server;
    OtherClient client(server.seeds());
    ASSERT_TRUE(client.put("page:views:shard:0", "7"));
    ASSERT_TRUE(client.put("page:views:shard:1", "8"));
    ASSERT_TRUE(client.put("notes", "no counter"));
    saveProfile(server, {{"counters", {"page:views"}}, {"counterShards", {{"page:views", 2}}}});
    const json report = audit("shop", 0);
    EXPECT_EQ(report["target"], "shop");
    EXPECT_EQ(report["coverage"], "complete");
    EXPECT_EQ(report["examined"]["keys"], 3);
    EXPECT_EQ(report["examined"]["counters"], 1);
    EXPECT_EQ(report["watched_s"], 0);
    EXPECT_EQ(report["findings"], json::array());
    std::set<std::string> notJudged;
    for (const json& one : report["not_judged"]) {
        notJudged.insert(one["rule"]);
        EXPECT_FALSE(one["why"].get<std::string>().empty());
    }
    EXPECT_EQ(notJudged,
        (std::set<std::string>{
            "C2", "C3", "C5", "I8", "K1", "K2", "L1", "L2", "L3", "L4", "L5", "L6", "S2", "S3", "S6"}));
}

TEST_F(CliTest, AuditFindsWhatIsBrokenAndNothingElse)
{
    const LiveServer server;
    OtherClient client(server.seeds());
    for (int i = 0; i < 3; ++i)
        ASSERT_TRUE(client.put("page:views:shard:" + std::to_string(i), "10"));
    ASSERT_TRUE(client.put("page:views:shard:7", "5"));
    ASSERT_TRUE(client.put("mail:sent:shard:0", "1e+21"));
    saveProfile(server, {{"counters", {"page:views"}}, {"counterShards", {{"page:views", 3}}}});
    const json report = audit("shop", 1);
    ASSERT_EQ(report["findings"].size(), 2U) << report.dump(2);
    std::map<std::string, json> byRule;
    for (const json& finding : report["findings"]) {
        byRule[finding["rule"]] = finding;
        EXPECT_EQ(finding["severity"], "certain");
        EXPECT_GT(finding["first_seen_ms"].get<std::int64_t>(), 0);
        EXPECT_GE(
            finding["last_seen_ms"].get<std::int64_t>(), finding["first_seen_ms"].get<std::int64_t>() + 4000)
            << "what looks wrong is read again after 5 s";
    }
    EXPECT_EQ(byRule["C1"]["subject"], "mail:sent");
    EXPECT_NE(byRule["C1"]["evidence"].get<std::string>().find("1e+21"), std::string::npos);
    EXPECT_EQ(byRule["C4"]["subject"], "page:views");
    EXPECT_NE(byRule["C4"]["evidence"].get<std::string>().find(" 5"), std::string::npos);
}

TEST_F(CliTest, AuditWithoutAListReadsTheDeclaredKeys)
{
    const LiveServer server{{"--as-shipped"}};
    OtherClient client(server.seeds());
    ASSERT_TRUE(client.put("orders", "not a number"));
    ASSERT_TRUE(client.put("page:views:shard:0", "1"));
    ASSERT_TRUE(client.put("page:views:shard:5", "9"));
    // Without a profile nothing is known: it could not look, and says so.
    const json blind = audit(server.address(), 2);
    EXPECT_EQ(blind["coverage"], "none");
    saveProfile(server, {{"counters", {"orders", "page:views"}}, {"counterShards", {{"page:views", 2}}}});
    const json report = audit("shop", 1, {QStringLiteral("--shard-budget"), QStringLiteral("64")});
    EXPECT_EQ(report["coverage"], "known keys only");
    EXPECT_EQ(report["examined"]["keys"], 3);
    std::set<std::string> rules;
    for (const json& finding : report["findings"])
        rules.insert(finding["rule"]);
    EXPECT_EQ(rules, (std::set<std::string>{"C1", "C4"}));
}

TEST_F(CliTest, AuditWatchesForFalls)
{
    const LiveServer server;
    OtherClient client(server.seeds());
    ASSERT_TRUE(client.put("orders", "50"));
    saveProfile(server, {{"counters", {"orders"}}});
    // Falls again and again, so that one lies within whatever is watched.
    std::jthread falls([&](const std::stop_token& stop) {
        for (int i = 0; !stop.stop_requested(); ++i)
            client.put("orders", i % 20 == 19 ? "10" : std::to_string(50 + i));
    });
    const json report = audit("shop", 1, {QStringLiteral("--for"), QStringLiteral("2")});
    EXPECT_GE(report["watched_s"].get<int>(), 2);
    ASSERT_EQ(report["findings"].size(), 1U) << report.dump(2);
    EXPECT_EQ(report["findings"][0]["rule"], "C2");
}

TEST_F(CliTest, AuditOfNobody)
{
    const auto ended = run({QStringLiteral("--audit"), QStringLiteral("--json"),
        QStringLiteral("127.0.0.1:%1").arg(freePort())});
    EXPECT_EQ(ended.code, 2);
    EXPECT_EQ(ended.out, "");
    EXPECT_EQ(std::count(ended.err.begin(), ended.err.end(), '\n'), 1) << ended.err;
    const auto wrong = run({QStringLiteral("--audit"), QStringLiteral("http://x")});
    EXPECT_EQ(wrong.code, 2);
    EXPECT_NE(wrong.err.find("http://x"), std::string::npos) << wrong.err;
}

} // namespace
} // namespace norikv::tests
