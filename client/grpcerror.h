// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/result.h"

#include <grpcpp/support/status.h>

namespace norikv::client {

enum class Kind { Read, Write };

/// Splits a status the way wire-contract 8.5 asks: FAILED_PRECONDITION and UNAVAILABLE by their text, our
/// gRPC's and tonic's codes for the same trouble alike. A write whose request may have reached the server is
/// UnknownOutcome.
Error toError(const grpc::Status& status, Kind kind);

} // namespace norikv::client
