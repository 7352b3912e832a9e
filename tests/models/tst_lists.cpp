// SPDX-License-Identifier: GPL-3.0-or-later
// The lists of operations and findings, the rows of counters, and errors in words.
#include "models/countermodel.h"
#include "models/errortext.h"
#include "models/findingsview.h"
#include "models/operationsmodel.h"
#include "tests/models/waiting.h"

#include <QElapsedTimer>
#include <QItemSelectionModel>
#include <QSignalSpy>

#include <random>

using namespace norikv;
using models::CounterBook;
using models::CounterModel;
using models::FindingsModel;
using models::OperationsModel;
using test::ModelWatch;

namespace {

client::Operation operation(int n, const std::string& key = "page:views")
{
    client::Operation op;
    op.startedMs = 1'700'000'000'000 + n;
    op.took = std::chrono::microseconds(1234);
    op.rpc = client::Rpc::KvPut;
    op.key = key;
    op.shard = 7;
    op.node = "node0";
    op.attempts = 1;
    op.detail = "v" + std::to_string(n);
    op.why = "load";
    return op;
}

std::vector<client::Operation> operations(int from, int to)
{
    std::vector<client::Operation> out;
    for (int i = from; i < to; ++i)
        out.push_back(operation(i));
    return out;
}

QString cell(const QAbstractItemModel& model, int row, int column)
{
    return model.index(row, column).data().toString();
}

client::Finding finding(const std::string& rule, client::Severity severity, const std::string& subject,
    EpochMs at = 1'700'000'000'000)
{
    return {rule, severity, subject, subject, "because of " + subject, at, at};
}

client::Bytes name(int n)
{
    std::string digits = std::to_string(n);
    return "counter:" + std::string(5 - digits.size(), '0') + digits;
}

} // namespace

TEST(OperationsModel, NewestFirstAndBounded)
{
    OperationsModel model;
    const ModelWatch watch(&model);
    model.append(operations(0, 3), 0);
    EXPECT_EQ(cell(model, 0, OperationsModel::Outcome), QStringLiteral("v2"));
    EXPECT_EQ(cell(model, 2, OperationsModel::Outcome), QStringLiteral("v0"));
    QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
    for (int i = 3; i < 24'000; i += 3000)
        model.append(operations(i, std::min(i + 3000, 24'000)), i == 3 ? 5 : 0);
    EXPECT_EQ(std::size_t(model.rowCount()), OperationsModel::Limit);
    EXPECT_EQ(cell(model, 0, OperationsModel::Outcome), QStringLiteral("v23999"));
    EXPECT_EQ(cell(model, model.rowCount() - 1, OperationsModel::Outcome), QStringLiteral("v14000"));
    EXPECT_EQ(model.dropped(), 5U);
    model.append(operations(0, 25'000), 0);
    EXPECT_EQ(std::size_t(model.rowCount()), OperationsModel::Limit);
    EXPECT_EQ(cell(model, 0, OperationsModel::Outcome), QStringLiteral("v24999"));
    EXPECT_EQ(resets.count(), 0);
}

TEST(OperationsModel, FilterIsPlainTextOverAllColumns)
{
    OperationsModel model;
    const ModelWatch watch(&model);
    model.append({operation(1, "page:views"), operation(2, "Cart.*"), operation(3, "page:clicks")}, 0);
    model.setFilter(QStringLiteral("PAGE"));
    EXPECT_EQ(model.rowCount(), 2);
    model.append({operation(4, "page:new"), operation(5, "other")}, 0);
    EXPECT_EQ(model.rowCount(), 3) << "new calls pass the same filter";
    model.setFilter(QStringLiteral(".*"));
    EXPECT_EQ(model.rowCount(), 1) << "a pattern is only text";
    model.setFilter(QStringLiteral("node0"));
    EXPECT_EQ(model.rowCount(), 5);
    model.setFilter(QStringLiteral("load"));
    EXPECT_EQ(model.rowCount(), 5) << "the cause is searched too";
    model.setFilter(QStringLiteral("nothing has this"));
    EXPECT_EQ(model.rowCount(), 0);
    model.setFilter({});
    EXPECT_EQ(model.rowCount(), 5) << "what was hidden is still there";
}

TEST(OperationsModel, PausedCallsWaitAndAreCounted)
{
    OperationsModel model;
    const ModelWatch watch(&model);
    QSignalSpy waiting(&model, &OperationsModel::waitingChanged);
    model.append(operations(0, 2), 0);
    model.setPaused(true);
    model.append(operations(2, 7), 0);
    EXPECT_EQ(model.rowCount(), 2);
    EXPECT_EQ(model.waiting(), 5);
    EXPECT_EQ(waiting.last().at(0).toInt(), 5);
    model.append(operations(0, 30'000), 0);
    EXPECT_EQ(std::size_t(model.waiting()), OperationsModel::Limit) << "waiting calls are bounded too";
    model.setPaused(false);
    EXPECT_EQ(model.waiting(), 0);
    EXPECT_EQ(std::size_t(model.rowCount()), OperationsModel::Limit);
    EXPECT_EQ(cell(model, 0, OperationsModel::Outcome), QStringLiteral("v29999"));
    EXPECT_EQ(waiting.last().at(0).toInt(), 0);
    model.clear();
    EXPECT_EQ(model.rowCount(), 0);
}

TEST(OperationsModel, CellsAndLine)
{
    OperationsModel model;
    client::Operation op = operation(5, std::string("bad\x01key\xff", 8));
    op.cas = true;
    op.attempts = 3;
    op.error = client::ErrorKind::Conflict;
    op.detail = "the version moved";
    model.append({op}, 0);
    EXPECT_EQ(cell(model, 0, OperationsModel::Key), QStringLiteral("bad\\x01key\\xff"));
    EXPECT_EQ(cell(model, 0, OperationsModel::Attempts), QStringLiteral("3"));
    EXPECT_EQ(cell(model, 0, OperationsModel::Took), QStringLiteral("1.2 ms"));
    EXPECT_EQ(cell(model, 0, OperationsModel::Outcome), QStringLiteral("conflict"));
    EXPECT_EQ(cell(model, 0, OperationsModel::Time), QStringLiteral("22:13:20.005"));
    EXPECT_TRUE(cell(model, 0, OperationsModel::Name).endsWith(QStringLiteral(" · CAS")));
    EXPECT_EQ(
        model.index(0, OperationsModel::Outcome).data(models::ToneRole).toInt(), int(models::Tone::Warning));
    EXPECT_EQ(model.index(0, 0).data(models::KeyRole).toByteArray(), QByteArray("bad\x01key\xff"));
    const QStringList parts = model.line(0).split(QLatin1Char('\t'));
    ASSERT_EQ(parts.size(), int(OperationsModel::ColumnCount));
    EXPECT_EQ(parts[OperationsModel::Shard], QStringLiteral("7"));
    for (int column = 0; column < OperationsModel::ColumnCount; ++column)
        EXPECT_FALSE(model.headerData(column, Qt::Horizontal, Qt::DisplayRole).toString().isEmpty());
}

TEST(OperationsModel, WhatAServerNeedNotOfferIsNoFailureInRed)
{
    OperationsModel model;
    client::Operation probe = operation(5, "k");
    probe.rpc = client::Rpc::ExploreStat;
    probe.error = client::ErrorKind::Unsupported;
    probe.detail = "the server does not offer this call";
    client::Operation get = probe;
    get.rpc = client::Rpc::KvGet;
    model.append({get, probe}, 0);
    const auto tone
        = [&](int row) { return model.index(row, OperationsModel::Outcome).data(models::ToneRole).toInt(); };
    EXPECT_EQ(tone(0), int(models::Tone::Muted));
    EXPECT_EQ(cell(model, 0, OperationsModel::Outcome), QStringLiteral("not offered by this server"));
    EXPECT_EQ(tone(1), int(models::Tone::Danger)) << "every server has Get";
}

TEST(OperationsModel, RandomMutations)
{
    std::mt19937 random(3);
    OperationsModel model;
    const ModelWatch watch(&model);
    int shown = 0;
    for (int i = 0; i < 10'000; ++i) {
        switch (random() % 12) {
        case 0:
            model.setPaused(!model.paused());
            break;
        case 1:
            model.setFilter(random() % 2 ? QString() : QStringLiteral("a"));
            break;
        case 2:
            if (random() % 4 == 0)
                model.clear();
            break;
        default: {
            std::vector<client::Operation> some;
            for (auto n = random() % 3; n > 0; --n)
                some.push_back(operation(i, random() % 2 ? "a" : "b"));
            model.append(std::move(some), 0);
        }
        }
        shown = std::max(shown, model.rowCount());
    }
    EXPECT_GT(shown, 50);
}

TEST(FindingsModel, OrderedBySeverityRuleAndSubject)
{
    FindingsModel model;
    const ModelWatch watch(&model);
    using client::Severity;
    model.report(finding("C5", Severity::Info, "a"));
    model.report(finding("C4", Severity::Certain, "b"));
    model.report(finding("C1", Severity::Certain, "z"));
    model.report(finding("C2", Severity::Suspect, "m"));
    model.report(finding("C1", Severity::Certain, "a"));
    QStringList order;
    for (int row = 0; row < model.rowCount(); ++row)
        order << cell(model, row, FindingsModel::Rule).left(2) + cell(model, row, FindingsModel::Subject);
    EXPECT_EQ(order.join(QLatin1Char(' ')), QStringLiteral("C1a C1z C4b C2m C5a"));
    EXPECT_EQ(model.serious(), 4);
    EXPECT_EQ(model.index(0, 0).data(models::ToneRole).toInt(), int(models::Tone::Danger));
    model.clear();
    EXPECT_EQ(model.rowCount(), 0);
    EXPECT_EQ(model.serious(), 0);
}

TEST(FindingsModel, ReportedTwiceMovesOnlyLastSeen)
{
    FindingsModel model;
    const ModelWatch watch(&model);
    QSignalSpy counts(&model, &FindingsModel::countChanged);
    model.report(finding("C1", client::Severity::Certain, "a", 1'700'000'000'000));
    const QPersistentModelIndex row = model.index(0, 0);
    model.report(finding("C1", client::Severity::Certain, "a", 1'700'000'060'000));
    EXPECT_EQ(model.rowCount(), 1);
    EXPECT_TRUE(row.isValid());
    EXPECT_EQ(cell(model, 0, FindingsModel::FirstSeen), QStringLiteral("22:13:20"));
    EXPECT_EQ(cell(model, 0, FindingsModel::LastSeen), QStringLiteral("22:14:20"));
    EXPECT_EQ(counts.count(), 1);
    EXPECT_TRUE(FindingsModel::reportText(model.record(0)).contains(QStringLiteral("because of a")));
}

TEST(FindingsModel, AStateThatIsNoLongerToldIsOverAndComesBack)
{
    constexpr EpochMs T = 1'700'000'000'000;
    FindingsModel model;
    const ModelWatch watch(&model);
    const auto always = [](const std::string&) { return true; };
    const auto never = [](const std::string&) { return false; };
    model.report(finding("S1", client::Severity::Certain, "stands", T));
    model.report(finding("S1", client::Severity::Certain, "stands", T + 5000));
    model.report(finding("C2", client::Severity::Certain, "happened", T));
    model.age(T + 34'000, always);
    EXPECT_EQ(model.serious(), 2) << "30 s have not passed";
    model.age(T + 40'000, never);
    EXPECT_EQ(model.serious(), 2) << "nobody could have told it";
    model.age(T + 60'000, always);
    EXPECT_EQ(model.serious(), 2) << "watched for 20 s only";
    model.age(T + 80'000, always);
    EXPECT_EQ(model.serious(), 1) << "what happened once does not stop having happened";
    EXPECT_EQ(model.rowCount(), 2) << "it stays for the record";
    EXPECT_TRUE(cell(model, 1, FindingsModel::LastSeen).contains(QStringLiteral("over")));
    model.report(finding("S1", client::Severity::Certain, "stands", T + 90'000));
    EXPECT_EQ(model.serious(), 2);
    EXPECT_FALSE(cell(model, 1, FindingsModel::LastSeen).contains(QStringLiteral("over")));
}

TEST(FindingsModel, MutedOnesDoNotCountAndAreRemembered)
{
    FindingsModel model;
    const ModelWatch watch(&model);
    model.report(finding("S1", client::Severity::Certain, "a\x01"));
    model.report(finding("S1", client::Severity::Certain, "b"));
    model.report(finding("I2", client::Severity::Certain, "b"));
    model.setSubjectMuted(model.record(1), true); // S1 of the odd key
    EXPECT_EQ(model.serious(), 2);
    EXPECT_EQ(model.mutedCount(), 1);
    model.setRuleMuted("I2", true);
    EXPECT_EQ(model.serious(), 1);
    const QVariantMap kept = model.mutes();

    FindingsModel next;
    next.setMutes(kept);
    next.report(finding("S1", client::Severity::Certain, "a\x01"));
    next.report(finding("I2", client::Severity::Certain, "x"));
    next.report(finding("S1", client::Severity::Certain, "b"));
    EXPECT_EQ(next.serious(), 1);
    EXPECT_EQ(next.open(), 1);
    next.setRuleMuted("I2", false);
    EXPECT_EQ(next.serious(), 2);
}

TEST(FindingsView, FiltersAndSortsByAnyColumn)
{
    FindingsModel model;
    models::FindingsView view(model);
    const ModelWatch watch(&view);
    model.report(finding("S1", client::Severity::Certain, "session", 2000));
    model.report(finding("I5", client::Severity::Info, "mug", 1000));
    model.report(finding("C2", client::Severity::Suspect, "views", 3000));
    const auto subjects = [&] {
        QStringList out;
        for (int row = 0; row < view.rowCount(); ++row)
            out << view.index(row, FindingsModel::Subject).data().toString();
        return out.join(QLatin1Char(' '));
    };
    EXPECT_EQ(subjects(), QStringLiteral("session views mug"));
    view.sort(FindingsModel::FirstSeen, Qt::DescendingOrder);
    EXPECT_EQ(subjects(), QStringLiteral("views session mug"));
    view.sort(-1);
    view.setShow(models::FindingsView::Show::CertainAndSuspect);
    EXPECT_EQ(subjects(), QStringLiteral("session views"));
    view.setShow(models::FindingsView::Show::All);
    view.setText(QStringLiteral("MUG"));
    EXPECT_EQ(subjects(), QStringLiteral("mug"));
    EXPECT_TRUE(view.reportText().contains(QStringLiteral("I5")));
    EXPECT_FALSE(view.reportText().contains(QStringLiteral("S1")));
    view.setText({});
    model.setRuleMuted("S1", true);
    EXPECT_EQ(subjects(), QStringLiteral("views mug"));
    view.setMutedShown(true);
    EXPECT_EQ(subjects(), QStringLiteral("session views mug"));
}

// The same rule about the same key, judged otherwise now: still one finding.
TEST(FindingsModel, ChangedSeverityReplaces)
{
    FindingsModel model;
    const ModelWatch watch(&model);
    model.report(finding("C1", client::Severity::Certain, "a", 1'700'000'000'000));
    model.report(finding("C1", client::Severity::Certain, "b", 1'700'000'000'000));
    model.report(finding("C1", client::Severity::Info, "a", 1'700'000'060'000));
    ASSERT_EQ(model.rowCount(), 2);
    EXPECT_EQ(cell(model, 1, FindingsModel::Subject), QStringLiteral("a"));
    EXPECT_EQ(cell(model, 1, FindingsModel::FirstSeen), QStringLiteral("22:13:20"));
    EXPECT_EQ(model.serious(), 1);
}

TEST(FindingsModel, RandomMutations)
{
    std::mt19937 random(5);
    FindingsModel model;
    const ModelWatch watch(&model);
    QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
    for (int i = 0; i < 10'000; ++i) {
        if (random() % 500 == 0)
            model.clear();
        model.report(finding("C" + std::to_string(1 + random() % 5), client::Severity(random() % 3),
            name(int(random() % 12)), 1'700'000'000'000 + i));
    }
    EXPECT_EQ(resets.count(), 0);
    EXPECT_LE(model.rowCount(), 60) << "once by rule, subject and key";
    EXPECT_GT(model.rowCount(), 40);
}

TEST(CounterModel, RefreshKeepsTheSelection)
{
    CounterBook book;
    CounterModel model;
    const ModelWatch watch(&model);
    for (int i = 10; i < 20; ++i)
        book.apply({name(i), std::to_string(i), {}}, 0);
    model.refresh(book, {});
    ASSERT_EQ(model.rowCount(), 10);
    QItemSelectionModel selection(&model);
    selection.setCurrentIndex(model.index(model.rowOf(name(15)), 0), QItemSelectionModel::SelectCurrent);
    QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
    for (int i = 0; i < 10; ++i)
        book.apply({name(i), "1", {}}, 0);
    book.apply({name(12), std::nullopt, {}}, 0);
    book.apply({name(15), "99", {}}, 0);
    model.refresh(book, {});
    EXPECT_EQ(model.rowCount(), 19);
    EXPECT_EQ(model.record(selection.currentIndex().row()).name, name(15));
    EXPECT_EQ(model.record(selection.currentIndex().row()).total, 99);
    model.refresh(book, QStringLiteral("COUNTER:0001"));
    EXPECT_EQ(model.rowCount(), 9);
    EXPECT_EQ(model.record(selection.currentIndex().row()).name, name(15));
    EXPECT_EQ(resets.count(), 0);
    EXPECT_EQ(model.rowOf("nobody"), -1);
}

TEST(CounterModel, WordsForWhatIsNoNumber)
{
    CounterBook book;
    book.declare("gone", std::nullopt);
    book.declare("text", std::nullopt);
    book.apply({"text", "abc", {}}, 0);
    book.declare("wide", 3);
    book.apply({"wide:shard:0", "5", {}}, 0);
    book.apply({"wide:shard:1", "abc", {}}, 0);
    CounterModel model;
    model.refresh(book, {});
    EXPECT_EQ(cell(model, model.rowOf("gone"), CounterModel::Total), QStringLiteral("missing"));
    EXPECT_EQ(cell(model, model.rowOf("text"), CounterModel::Total), QStringLiteral("no number"));
    EXPECT_EQ(cell(model, model.rowOf("wide"), CounterModel::Total), QStringLiteral("5"));
    EXPECT_EQ(model.index(model.rowOf("wide"), CounterModel::Total).data(models::ToneRole).toInt(),
        int(models::Tone::Danger));
}

TEST(CounterModel, RandomMutations)
{
    std::mt19937 random(9);
    CounterBook book;
    CounterModel model;
    const ModelWatch watch(&model);
    QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
    for (int i = 0; i < 10'000; ++i) {
        client::Bytes key = name(int(random() % 80));
        if (random() % 3 == 0)
            key += ":shard:" + std::to_string(random() % 6);
        const bool gone = random() % 4 == 0;
        book.apply({key, gone ? std::nullopt : std::optional(std::to_string(random() % 100)), {}}, i);
        if (i % 5 == 0)
            model.refresh(book, random() % 50 == 0 ? QStringLiteral("0001") : QString());
    }
    model.refresh(book, {});
    EXPECT_EQ(std::size_t(model.rowCount()), book.counters().size());
    EXPECT_EQ(resets.count(), 0);
}

// Views guess the format of tool tips: data in one must not be read as markup, nor load a file.
TEST(ToolTips, DataIsNeverMarkup)
{
    const client::Bytes evil = "<img src='file:///etc/hostname'>";
    OperationsModel operationsModel;
    client::Operation op = operation(1, evil);
    op.detail = evil;
    op.why = evil;
    operationsModel.append({op}, 0);
    FindingsModel findingsModel;
    findingsModel.report({"C1", client::Severity::Certain, evil, evil, "The value is " + evil, 0, 0});
    CounterBook book;
    book.apply({evil, "1", {}}, 0);
    CounterModel counterModel;
    counterModel.refresh(book, {});
    int tips = 0;
    for (const QAbstractItemModel* model :
        std::initializer_list<const QAbstractItemModel*>{&operationsModel, &findingsModel, &counterModel}) {
        for (int column = 0; column < model->columnCount(); ++column) {
            const QString tip = model->index(0, column).data(Qt::ToolTipRole).toString();
            EXPECT_FALSE(tip.contains(QStringLiteral("<img"))) << tip.toStdString();
            tips += tip.contains(QStringLiteral("&lt;img"));
        }
    }
    EXPECT_GE(tips, 4);
}

TEST(ErrorText, EveryKindIsASentenceAboutItsSubject)
{
    using enum client::ErrorKind;
    for (const auto kind : {Cancelled, Timeout, Unreachable, NotLeader, Conflict, KeyMissing, UnknownOutcome,
             TooLarge, InvalidRequest, BadData, Unsupported, Gone, NotFound, ReadOnly, NeedsConsent,
             Contended, Server}) {
        const auto text
            = models::errorText({kind, "the reason", "raw words"}, QStringLiteral("increment %2 page:views"));
        const std::string which(client::name(kind));
        EXPECT_TRUE(text.what.contains(QStringLiteral("increment %2 page:views"))) << which;
        EXPECT_TRUE(text.what.contains(QStringLiteral("the reason"))) << which;
        EXPECT_TRUE(text.what.endsWith(QLatin1Char('.'))) << which;
        EXPECT_TRUE(text.what.front().isUpper()) << which;
        EXPECT_TRUE(text.remedy.isEmpty() || text.remedy.endsWith(QLatin1Char('.'))) << which;
        EXPECT_TRUE(text.line().startsWith(text.what)) << which;
        EXPECT_EQ(text.what.contains(QStringLiteral("raw words")), kind == Server) << which;
        EXPECT_EQ(text.what.startsWith(QStringLiteral("Not known whether")), kind == UnknownOutcome) << which;
    }
    for (const auto kind : {Timeout, Unreachable, Conflict, UnknownOutcome, ReadOnly})
        EXPECT_FALSE(models::errorText({kind, "x", {}}, QStringLiteral("y")).remedy.isEmpty());
}
