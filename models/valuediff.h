// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/valuelayout.h"

#include "client/decode/decode.h"

#include <cstdint>
#include <limits>
#include <stop_token>

namespace norikv::models {

/// Two values, line by line, ready to be painted. Long stretches that both have are folded.
struct DiffLayout {
    static constexpr std::uint32_t None = std::numeric_limits<std::uint32_t>::max();
    struct Row {
        enum class What { Same, Removed, Added, Changed, Folded } what = What::Same;
        std::uint32_t left = None; ///< line number from 0; of Folded how many lines
        std::uint32_t right = None;
        std::uint32_t leftText = None; ///< into `texts`
        std::uint32_t rightText = None;
    };
    std::vector<Row> rows;
    TextLines texts;
    std::size_t removed = 0; ///< lines
    std::size_t added = 0;
    bool sideBySide = false; ///< Changed rows hold both sides; else each line has its row
    QString remark; ///< may be empty
    bool identical() const { return removed == 0 && added == 0; }
};

/// Compares what the values hold: JSON indented, MessagePack and Protobuf in words, binary as hex. For a
/// worker.
DiffLayout diffValues(const client::Decoded& before, const client::Decoded& after, bool sideBySide,
    const std::stop_token& stop = {});

} // namespace norikv::models
