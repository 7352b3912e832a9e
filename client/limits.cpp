// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/limits.h"

namespace norikv::client {

Result<void> checkSizes(const Bytes& key, std::size_t valueBytes)
{
    if (key.size() > MaxKeyBytes)
        return fail(ErrorKind::TooLarge,
            "the key has " + std::to_string(key.size()) + " bytes; NoriKV stores at most 1024");
    if (valueBytes > MaxValueBytes)
        return fail(ErrorKind::TooLarge,
            "the value has " + std::to_string(valueBytes) + " bytes; NoriKV stores at most 1048576");
    return {};
}

Error stoppedHere() { return {ErrorKind::Cancelled, "stopped here", {}}; }

} // namespace norikv::client
