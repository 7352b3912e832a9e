// SPDX-License-Identifier: GPL-3.0-or-later
// Reducers in JavaScript, in the real process: what they compute, and everything a script may do to its host.
#include "models/scripthost.h"
#include "models/scriptreducer.h"

#include <nlohmann/json.hpp>

#include <QCoreApplication>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sys/socket.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <thread>

using namespace norikv;
using namespace std::chrono_literals;
using client::ErrorKind;
using client::EventList;
using client::FoldState;
using models::ScriptReducer;
using ::testing::AllOf;
using ::testing::HasSubstr;

namespace {

std::string hostProgram()
{
    return (QCoreApplication::applicationDirPath() + QStringLiteral("/norikv-reducerhost")).toStdString();
}

/// Scripts that do their work: a busy machine must not make them fail.
ScriptReducer patient(std::string script) { return {{hostProgram(), 10s}, std::move(script)}; }

EventList deposits(int count, int amount = 1)
{
    EventList events;
    for (int i = 1; i <= count; ++i) {
        client::EventRecord event;
        event.stream.aggregate = "a";
        event.number = static_cast<std::uint64_t>(i);
        event.readable = true;
        event.type = "MoneyDeposited";
        event.id = "e" + std::to_string(i);
        event.data = "{ \"amount\":\n" + std::to_string(amount) + "}";
        event.time = client::StoredTime{1'700'000'000'000 + i, {}};
        events.push_back(std::make_shared<const client::EventRecord>(std::move(event)));
    }
    return events;
}

struct Folded {
    client::Result<void> result;
    FoldState state;
    std::vector<std::pair<std::size_t, std::string>> problems;
    std::chrono::steady_clock::duration took;
};

Folded foldWith(const ScriptReducer& reducer, const EventList& events, const std::stop_token& stop = {})
{
    Folded out;
    out.state = reducer.start("a");
    const auto begin = std::chrono::steady_clock::now();
    out.result = reducer.fold(
        out.state, events, [&](std::size_t at, std::string text) { out.problems.emplace_back(at, text); },
        stop);
    out.took = std::chrono::steady_clock::now() - begin;
    return out;
}

constexpr auto Sum = "state = state ?? { balance: 0 };\nstate.balance += event.data.amount;\nreturn state;";

} // namespace

TEST(ScriptReducer, FoldsEventsAndGoesOnFromAnyState)
{
    const auto reducer = patient(Sum);
    const auto events = deposits(1000, 3);
    auto folded = foldWith(reducer, events);
    ASSERT_TRUE(folded.result) << folded.result.error().message;
    EXPECT_EQ(folded.state.dump(), R"({"balance":3000})");
    FoldState state = FoldState::parse(R"({"balance":-5,"kept":"für ü"})");
    ASSERT_TRUE(reducer.fold(state, deposits(2), {}, {}));
    EXPECT_EQ(state.dump(), R"({"balance":-3,"kept":"für ü"})");
}

TEST(ScriptReducer, SeesTheWholeEvent)
{
    auto folded = foldWith(patient("return event;"), deposits(2, 7));
    ASSERT_TRUE(folded.result) << folded.result.error().message;
    EXPECT_EQ(folded.state,
        FoldState::parse(R"({"id":"e2","aggregateId":"a","type":"MoneyDeposited","data":{"amount":7},)"
                         R"("timestamp":1700000000002,"version":2})"));
}

TEST(ScriptReducer, WhatItThrowsAsATextIsAProblemOfTheEventAndTheFoldGoesOn)
{
    auto folded = foldWith(patient("if (event.version == 2) throw new Error('Insufficient funds');\n"
                                   "if (event.version == 3) throw 'closed';\nreturn event.version;"),
        deposits(4));
    ASSERT_TRUE(folded.result) << folded.result.error().message;
    EXPECT_EQ(folded.state, 4);
    EXPECT_THAT(folded.problems,
        ::testing::ElementsAre(::testing::Pair(1U, "Insufficient funds"), ::testing::Pair(2U, "closed")));
}

TEST(ScriptReducer, AnEventThatCannotBeReadIsAProblemOfItsOwn)
{
    auto events = deposits(3);
    auto broken = *events[1];
    broken.readable = false;
    broken.data.clear();
    events[1] = std::make_shared<const client::EventRecord>(broken);
    broken.readable = true;
    broken.data = std::string(5000, '[') + std::string(5000, ']');
    events.push_back(std::make_shared<const client::EventRecord>(broken));
    auto folded = foldWith(patient(Sum), events);
    ASSERT_TRUE(folded.result) << folded.result.error().message;
    EXPECT_EQ(folded.state.dump(), R"({"balance":2})");
    ASSERT_EQ(folded.problems.size(), 2U);
    EXPECT_EQ(folded.problems[0], std::pair(std::size_t(1), std::string("it cannot be read")));
    EXPECT_EQ(folded.problems[1].first, 3U);
}

TEST(ScriptReducer, TellsMistakesWithTheirLineAndGoesOnWithTheNextScript)
{
    auto wrong = patient("let a = 1;\nreturn a +;").check();
    ASSERT_FALSE(wrong);
    EXPECT_THAT(wrong.error().message, AllOf(HasSubstr("SyntaxError"), HasSubstr("line 2")));
    auto thrown = foldWith(patient("\n\nreturn event.data.no.such;"), deposits(3));
    ASSERT_FALSE(thrown.result);
    EXPECT_EQ(thrown.result.error().kind, ErrorKind::BadData);
    EXPECT_THAT(thrown.result.error().message,
        AllOf(HasSubstr("version 1"), HasSubstr("TypeError"), HasSubstr("line 3")));
    EXPECT_THAT(
        foldWith(patient("state = 1;"), deposits(1)).result.error().message, HasSubstr("return state"));
    EXPECT_THAT(
        foldWith(patient("return () => 1;"), deposits(1)).result.error().message, HasSubstr("no JSON"));
    EXPECT_THAT(foldWith(patient("undeclared = 1; return 1;"), deposits(1)).result.error().message,
        HasSubstr("ReferenceError"));
    EXPECT_TRUE(patient(Sum).check());
}

TEST(ScriptReducer, AScriptThatNeverEndsIsEndedSoon)
{
    for (const char* script : {"for (;;) ;", "throw { toString() { for (;;) ; } };",
             "return 'x'.repeat(1e9).replace(/(x+x+)+y/, '');"}) {
        const ScriptReducer reducer({hostProgram(), 250ms}, script);
        auto folded = foldWith(reducer, deposits(2));
        ASSERT_FALSE(folded.result) << script;
        EXPECT_EQ(folded.result.error().kind, ErrorKind::BadData);
        EXPECT_LT(folded.took, 8s) << script; // starting the process included, on a busy machine
    }
}

TEST(ScriptReducer, AScriptThatTakesAllMemoryLosesItsProcessAlone)
{
#ifdef __SANITIZE_ADDRESS__
    GTEST_SKIP() << "the address sanitizer needs the address space that the limit forbids";
#endif
    const auto reducer = patient("if (event.data.amount == 1) return 1; let all = 'x'; for (;;) all += all;");
    auto folded = foldWith(reducer, deposits(1, 2));
    ASSERT_FALSE(folded.result);
    EXPECT_THAT(
        folded.result.error().message, ::testing::AnyOf(HasSubstr("512 MB"), HasSubstr("RangeError")));
    EXPECT_TRUE(foldWith(reducer, deposits(1)).result) << "in a process of its own again";
}

TEST(ScriptReducer, AStateThatGrowsWithoutEndIsRefused)
{
    auto folded = foldWith(patient("return (state ?? 'x').repeat(8);"), deposits(8));
    ASSERT_FALSE(folded.result);
    EXPECT_THAT(folded.result.error().message, HasSubstr("4 MB"));
    auto deep
        = foldWith(patient("for (let i = 0; i < 100000; ++i) state = [state]; return state;"), deposits(1));
    EXPECT_FALSE(deep.result);
}

TEST(ScriptReducer, WhatIsNoHostIsAMessage)
{
    for (const char* program : {"/bin/true", "/usr/bin/yes", "/dev/zero", "/nowhere/at-all"}) {
        const ScriptReducer reducer({program, 250ms}, Sum);
        EXPECT_FALSE(foldWith(reducer, deposits(1)).result) << program;
    }
}

TEST(ScriptReducer, EndsWhenStoppedAndIsUsableAfterwards)
{
    const auto reducer = patient("if (event.data.amount == 1) return 1; for (;;) ;");
    ASSERT_TRUE(reducer.check());
    std::stop_source stop;
    std::jthread later([&] {
        std::this_thread::sleep_for(
            30ms); // the script is in its loop by then, or has not begun: both must end
        stop.request_stop();
    });
    auto folded = foldWith(reducer, deposits(1, 2), stop.get_token());
    ASSERT_FALSE(folded.result);
    EXPECT_EQ(folded.result.error().kind, ErrorKind::Cancelled);
    EXPECT_LT(folded.took, 5s);
    EXPECT_TRUE(foldWith(reducer, deposits(1)).result);
}

TEST(ScriptHost, ALineWithoutEndIsNotKeptForEver)
{
    // cat answers what it is sent: here a line that never ends.
    auto host = models::ScriptHost::start("/bin/cat");
    ASSERT_TRUE(host);
    (*host)->send("first\n");
    EXPECT_EQ((*host)->line(5s, {}).value_or(""), "first");
    (*host)->send(std::string(models::ScriptHost::MostLineBytes + 100'000, 'x'));
    auto line = (*host)->line(5s, {});
    ASSERT_FALSE(line);
    EXPECT_THAT(line.error().message, HasSubstr("8 MB"));
}

TEST(ScriptHost, InheritsNoFilesAndIsConfined)
{
    const int inherited = ::socket(AF_UNIX, SOCK_STREAM, 0); // without close-on-exec, as libraries make them
    const auto reducer = patient(Sum);
    ASSERT_TRUE(reducer.check());
    ::close(inherited);
    // Our only child: found by its name.
    pid_t host = 0;
    const auto before = std::to_string(::getpid());
    std::ifstream children("/proc/self/task/" + before + "/children");
    children >> host;
    ASSERT_GT(host, 0);
    const std::string proc = "/proc/" + std::to_string(host);
    for (const auto& file : std::filesystem::directory_iterator(proc + "/fd")) {
        if (std::stoi(file.path().filename()) > 2) { // Qt's own: a descriptor for events
            EXPECT_THAT(std::filesystem::read_symlink(file).string(), HasSubstr("eventfd"));
        }
    }
    std::ifstream in(proc + "/limits");
    const std::string limits((std::istreambuf_iterator<char>(in)), {});
    EXPECT_THAT(limits, ::testing::ContainsRegex("Max file size +0 +0"));
    EXPECT_THAT(limits, ::testing::ContainsRegex("Max core file size +0 +0"));
#ifndef __SANITIZE_ADDRESS__
    EXPECT_THAT(limits, ::testing::ContainsRegex("Max address space +536870912 +536870912"));
#endif
}
