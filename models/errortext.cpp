// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/errortext.h"

#include <QCoreApplication>

namespace norikv::models {

namespace {

QString tr(const char* text) { return QCoreApplication::translate("errortext", text); }

QString remedyFor(client::ErrorKind kind)
{
    using client::ErrorKind;
    switch (kind) {
    case ErrorKind::Timeout:
        return tr("The server may be busy: try again, or raise the timeout of the connection.");
    case ErrorKind::Unreachable:
        return tr("The workbench reconnects by itself; check that the server runs.");
    case ErrorKind::NotLeader:
        return tr("A server also answers so when its disk fails: look at its log.");
    case ErrorKind::Conflict:
        return tr("Somebody wrote it meanwhile: look at the new value, then decide.");
    case ErrorKind::KeyMissing:
        return tr("It was deleted or has expired.");
    case ErrorKind::UnknownOutcome:
        return tr("Read the key again to find out; repeating blindly could apply it twice.");
    case ErrorKind::Unsupported:
        return tr("This server does not offer the call.");
    case ErrorKind::ReadOnly:
        return tr("Change the mode in the top bar if you mean to write.");
    case ErrorKind::Contended:
        return tr("Spread the writes over more shards, or try again when it is quieter.");
    case ErrorKind::LocalFile:
        return tr("Make room on that disk, or look at the rights of the file, and try again.");
    case ErrorKind::Gone:
        return tr("The server keeps only so much of the past: read it anew from the start.");
    case ErrorKind::Server:
        return tr("The server's own log says more.");
    case ErrorKind::Cancelled:
    case ErrorKind::TooLarge:
    case ErrorKind::InvalidRequest:
    case ErrorKind::BadData:
    case ErrorKind::NotFound:
    case ErrorKind::NeedsConsent:
        break;
    }
    return {};
}

} // namespace

ErrorText errorText(const client::Error& error, const QString& action)
{
    QString message = QString::fromStdString(error.message);
    // Raw words of the server help only where ours say little.
    if (error.kind == client::ErrorKind::Server && !error.detail.empty())
        message += QStringLiteral(" (%1)").arg(QString::fromStdString(error.detail).left(200));
    ErrorText text;
    text.what = error.kind == client::ErrorKind::UnknownOutcome
        ? tr("Not known whether it happened: %1 (%2).").arg(action, message)
        : tr("Could not %1: %2.").arg(action, message);
    text.remedy = remedyFor(error.kind);
    return text;
}

} // namespace norikv::models
