// SPDX-License-Identifier: GPL-3.0-or-later
// Folds events by a person's JavaScript, in a process that may be ended at any moment. One request after the
// other on stdin, answers on stdout, everything one JSON value a line (README.md). It ends with its input.
#include "app/reducerhost/limits.h"
#include "app/reducerhost/script.h"

#include <QCoreApplication>
#include <QJsonDocument>
#include <QJsonObject>

#include <chrono>
#include <cstdio>
#include <iostream>
#include <string>

namespace {

using namespace norikv::reducerhost;
using Steady = std::chrono::steady_clock;

/// The other side waits 250 ms for a word.
constexpr std::chrono::milliseconds WordEvery{50};

void say(const std::string& line)
{
    std::fwrite(line.data(), 1, line.size(), stdout);
    std::fputc('\n', stdout);
    std::fflush(stdout);
}

std::string head(qint64 id, qint64 at)
{
    return "{\"id\":" + std::to_string(id) + ",\"at\":" + std::to_string(at);
}

/// kind: "error" ends the request, "problem" does not.
void sayWrong(qint64 id, qint64 at, const QString& kind, const QString& what)
{
    const QJsonObject line{{QStringLiteral("id"), id}, {QStringLiteral("at"), at}, {kind, what}};
    say(QJsonDocument(line).toJson(QJsonDocument::Compact).toStdString());
}

void sayError(qint64 id, qint64 at, const QString& what) { sayWrong(id, at, QStringLiteral("error"), what); }

/// The events follow on lines of their own and are read to the last even where an earlier one went wrong.
void fold(Script& script, qint64 id, qint64 count, qint64 every, const std::string& state)
{
    QString wrong = script.begin(QByteArray::fromStdString(state));
    if (!wrong.isEmpty())
        sayError(id, 0, wrong);
    auto lastWord = Steady::now();
    std::string event;
    for (qint64 at = 1; at <= count; ++at) {
        if (!std::getline(std::cin, event))
            return;
        if (!wrong.isEmpty())
            continue;
        QString problem;
        wrong = script.step(QByteArray::fromStdString(event), problem);
        if (!problem.isEmpty()) {
            sayWrong(id, at, QStringLiteral("problem"), problem);
            lastWord = Steady::now();
        }
        QByteArray next;
        const bool tell = wrong.isEmpty() && (at % every == 0 || at == count);
        if (tell)
            wrong = script.tell(next);
        if (!wrong.isEmpty()) {
            sayError(id, at, wrong);
        } else if (tell) {
            say(head(id, at) + ",\"state\":" + next.toStdString() + (at == count ? ",\"done\":true}" : "}"));
            lastWord = Steady::now();
        } else if (const auto now = Steady::now(); now - lastWord > WordEvery) {
            say(head(id, at) + "}");
            lastWord = now;
        }
    }
}

} // namespace

int main(int argc, char** argv)
{
    if (!confine()) {
        std::perror("norikv-reducerhost");
        return 2;
    }
    const QCoreApplication app(argc, argv);
    std::ios::sync_with_stdio(false);
    Script script;
    say("{\"ready\":true}");
    for (std::string line; std::getline(std::cin, line);) {
        const QJsonObject request = QJsonDocument::fromJson(QByteArray::fromStdString(line)).object();
        const qint64 id = request.value(QStringLiteral("id")).toInteger();
        if (!grantTime())
            return 2;
        if (request.contains(QStringLiteral("script"))) {
            const QString wrong = script.load(request.value(QStringLiteral("script")).toString());
            if (wrong.isEmpty())
                say(head(id, 0) + ",\"done\":true}");
            else
                sayError(id, 0, wrong);
            continue;
        }
        const qint64 count = request.value(QStringLiteral("fold")).toInteger();
        const qint64 every = std::max<qint64>(1, request.value(QStringLiteral("every")).toInteger(1));
        if (std::string state; count > 0 && std::getline(std::cin, state))
            fold(script, id, count, every, state);
    }
    return 0;
}
