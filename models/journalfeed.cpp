// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/journalfeed.h"

#include "models/errortext.h"
#include "models/text.h"

#include "client/journal/journalline.h"
#include "client/localfile.h"

#include <QCoreApplication>

namespace norikv::models {

using namespace std::chrono_literals;

namespace {

QString words(const char* text) { return QCoreApplication::translate("undo", text); }

QString quoted(const client::Entry& entry)
{
    return entry.exists() ? QStringLiteral("\"%1\"").arg(sideText(entry, true)) : words("no key");
}

client::ShownOperation shownOf(const client::JournalEntry& entry)
{
    client::ShownOperation op;
    op.what = entry.kind == client::WriteKind::Put ? client::ShownOperation::What::Put
                                                   : client::ShownOperation::What::Remove;
    op.key = entry.key;
    op.value = entry.after.value;
    if (entry.after.expiresAtMs && *entry.after.expiresAtMs > entry.atMs)
        op.ttlMs = static_cast<std::uint64_t>(*entry.after.expiresAtMs - entry.atMs);
    return op;
}

/// What one entry looks like in a script. Text of others appears only inside base64 and escapes.
std::string scriptPart(const client::JournalEntry& entry, const client::CopyTarget& target)
{
    if (entry.kind == client::WriteKind::Bulk)
        return "# a bulk job; its values are in its undo file\n";
    if (entry.kind == client::WriteKind::Other)
        return "# " + client::printable(entry.key) + "\n";
    if (entry.status != client::WriteStatus::Ok)
        return {};
    const auto line = client::copyAs(client::Language::Grpcurl, shownOf(entry), target);
    return line ? *line : "# left out: " + client::printable(entry.key) + " (" + line.error().message + ")\n";
}

} // namespace

UndoText undoText(const client::UndoReport& report)
{
    using What = client::UndoReport::What;
    UndoText text;
    text.before = quoted(report.before);
    text.found = quoted(report.found);
    text.steps << words("Read again: %1 is there.").arg(text.found);
    const bool same = report.found.exists() == report.wrote.exists()
        && (!report.found.exists() || report.found.value == report.wrote.value);
    text.steps << (same ? words("Compared: these are the bytes that the write left.")
                        : words("Compared: the write had left %1.").arg(quoted(report.wrote)));
    switch (report.what) {
    case What::Restored:
        text.good = true;
        text.summary = words("The old value is back.");
        break;
    case What::Removed:
        text.good = true;
        text.summary = report.expired
            ? words("The old value would have expired by now, so the key was removed.")
            : words("The key did not exist before, and is gone again.");
        break;
    case What::AlreadyBack:
        text.good = true;
        text.summary = words("It is as before already; nothing was written.");
        break;
    case What::ChangedSince:
        text.mayForce = true;
        text.summary = words("Somebody wrote it since; nothing was undone.");
        break;
    case What::Overtaken:
        text.summary = words("The old value was written, and somebody wrote over it at once.");
        break;
    case What::Unknown:
        text.summary = words("The answer was lost: it is not known whether the old value was written.");
        break;
    }
    if (report.verified)
        text.steps << words("Verified: %1 is there now.").arg(quoted(*report.verified));
    else
        text.steps << words("Verified: nothing was written, so there was nothing to verify.");
    if (report.what == What::Restored && report.ttlUnknown)
        text.summary += words(" Whether it had an expiry is not known; it has none now.");
    else if (report.what == What::Restored && report.ttlMs != 0)
        text.summary += words(" It keeps the time to live that it had left.");
    text.bestEffort
        = words("Best effort: NoriKV checks a version and writes in two steps, and ignores it when "
                "deleting, so somebody can write in between.");
    return text;
}

JournalFeed::JournalFeed(Dispatcher& dispatcher, client::Connection& connection, client::Journal& journal,
    const Clock& clock, QObject* parent)
    : QObject(parent)
    , m_connection(connection)
    , m_journal(journal)
    , m_dispatcher(dispatcher)
    , m_clock(clock)
{
    m_timer.setInterval(250ms);
    connect(&m_timer, &QTimer::timeout, this, &JournalFeed::collect);
    m_timer.start();
    m_load = dispatcher.run(
        this, [&journal](const std::stop_token&) { return journal.load(); },
        [this](const client::Result<void>& loaded) {
            if (!loaded)
                Q_EMIT failed(errorText(loaded.error(), tr("read the journal")).line());
            collect();
        });
}

QString JournalFeed::path() const { return QString::fromStdString(m_journal.path()); }

void JournalFeed::collect()
{
    auto taken = m_journal.take();
    if (taken.entries.empty() && taken.damaged == m_damaged)
        return;
    m_damaged = taken.damaged;
    m_model.merge(std::move(taken.entries));
    Q_EMIT changed();
}

void JournalFeed::undo(std::uint64_t id, bool force)
{
    m_undo = m_dispatcher.run(
        this,
        [&journal = m_journal, &connection = m_connection, id, force](
            const std::stop_token& stop) -> client::Result<client::UndoReport> {
            const auto entry = journal.find(id);
            if (!entry)
                return tl::unexpected(entry.error());
            client::Call call;
            call.stop = stop;
            call.consent = true;
            call.why = "undo";
            return client::undoWrite(connection.store(), call, connection.serverClock(), *entry, {force});
        },
        [this](const client::Result<client::UndoReport>& report) {
            collect();
            if (report)
                Q_EMIT undone(*report);
            else
                Q_EMIT failed(errorText(report.error(), tr("undo the write")).line());
        });
}

void JournalFeed::exportTo(const QString& file, Format format, const client::CopyTarget& target)
{
    m_export = m_dispatcher.run(
        this,
        [&journal = m_journal, path = file.toStdString(), format, target](
            const std::stop_token& stop) -> client::Result<int> {
            int writes = 0;
            return client::replaceFile(path, [&](client::AppendFile& out) {
                client::Result<void> result;
                if (format == Format::Script)
                    result
                        = out.append("#!/bin/sh\n# Repeats the writes of a journal, oldest first.\nset -e\n");
                const auto read = journal.each([&](const client::JournalEntry& entry) {
                    if (!result || stop.stop_requested())
                        return;
                    const client::WriteOutcome outcome{
                        entry.status, entry.took, entry.after.version, entry.problem};
                    const std::string part = format == Format::Script
                        ? scriptPart(entry, target)
                        : client::intentLine(entry) + '\n' + client::outcomeLine(entry.id, outcome) + '\n';
                    writes += part.empty() ? 0 : 1;
                    result = out.append(part);
                });
                // Half a journal must not take the place of a whole one.
                if (stop.stop_requested())
                    return client::Result<void>(client::fail(client::ErrorKind::Cancelled, "stopped here"));
                return result ? read : result;
            }).map([&] { return writes; });
        },
        [this, file](const client::Result<int>& writes) {
            if (writes)
                Q_EMIT exported(file, *writes);
            else
                Q_EMIT failed(errorText(writes.error(), tr("export the journal")).line());
        });
}

} // namespace norikv::models
