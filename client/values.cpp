// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/values.h"

#include "client/result.h"

namespace norikv::client {

std::string_view wireName(Consistency c)
{
    switch (c) {
    case Consistency::Eventual:
        return "eventual";
    case Consistency::BoundedStaleness:
        return "bounded_staleness";
    case Consistency::Strong:
        break;
    }
    return "strong";
}

std::optional<Consistency> consistencyFromLabel(std::string_view label)
{
    if (label.empty() || label == "strong" || label == "lease" || label == "linearizable")
        return Consistency::Strong;
    if (label == "eventual" || label == "stale_ok")
        return Consistency::Eventual;
    if (label == "bounded_staleness")
        return Consistency::BoundedStaleness;
    return std::nullopt;
}

std::string_view name(ErrorKind kind)
{
    switch (kind) {
    case ErrorKind::Cancelled:
        return "cancelled";
    case ErrorKind::Timeout:
        return "timeout";
    case ErrorKind::Unreachable:
        return "unreachable";
    case ErrorKind::NotLeader:
        return "no leader";
    case ErrorKind::Conflict:
        return "conflict";
    case ErrorKind::KeyMissing:
        return "key missing";
    case ErrorKind::UnknownOutcome:
        return "unknown outcome";
    case ErrorKind::TooLarge:
        return "too large";
    case ErrorKind::InvalidRequest:
        return "invalid";
    case ErrorKind::BadData:
        return "unexpected data";
    case ErrorKind::Unsupported:
        return "not offered";
    case ErrorKind::Gone:
        return "gone";
    case ErrorKind::NotFound:
        return "not found";
    case ErrorKind::ReadOnly:
        return "read-only";
    case ErrorKind::NeedsConsent:
        return "needs consent";
    case ErrorKind::Contended:
        return "contended";
    case ErrorKind::LocalFile:
        return "local file";
    case ErrorKind::Server:
        break;
    }
    return "server error";
}

} // namespace norikv::client
