// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/vectors/readvectors.h"

#include <numeric>

namespace norikv::client {

namespace {

constexpr int Rounds = 4;

bool passing(const Error& error)
{
    return error.kind == ErrorKind::Unreachable || error.kind == ErrorKind::NotLeader;
}

} // namespace

Result<void> readVectors(Store& store, Call& call, const std::string& index, std::span<const std::string> ids,
    std::size_t inFlight, const VectorTaker& take)
{
    std::vector<std::size_t> waiting(ids.size());
    std::iota(waiting.begin(), waiting.end(), std::size_t{0});
    for (int round = 1; !waiting.empty(); ++round) {
        std::vector<std::string> asked;
        for (const std::size_t position : waiting)
            asked.push_back(ids[position]);
        std::vector<std::size_t> failed;
        std::optional<Error> why;
        const auto read = store.getVectors(call, index, asked, inFlight,
            [&](std::size_t at, Result<std::optional<std::vector<float>>> vector) {
                if (!vector) {
                    failed.push_back(waiting[at]);
                    if (!why || passing(*why))
                        why = vector.error();
                } else if (*vector) {
                    take(waiting[at], std::move(**vector));
                }
            });
        if (!read)
            return read;
        if (why && (round == Rounds || !passing(*why)))
            return tl::unexpected(*why);
        if (why) {
            // A single read waits until the server is back, or says that it is not.
            if (const auto back = store.getVector(call, index, ids[failed.front()]); !back)
                return tl::unexpected(back.error());
        }
        waiting = std::move(failed);
    }
    return {};
}

} // namespace norikv::client
