// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>

namespace norikv::sandbox {

// wire-contract 2.2
constexpr std::size_t maxKeyBytes = 1024;
constexpr std::size_t maxValueBytes = 1'048'576;
constexpr int maxMessageBytes = 4'194'304;
constexpr std::size_t maxHttpBodyBytes = 2U << 20U;

// wire-contract 5.2
constexpr std::size_t maxNamespaceBytes = 256;
constexpr std::size_t maxVectorIdBytes = 512;
constexpr int maxDimensions = 4096;
constexpr std::size_t maxReplyBytes = 32U << 20U; // of a search

// Explore: a batch is full at either.
constexpr int batchEntries = 1024;
constexpr std::size_t batchBytes = 1U << 20U;

} // namespace norikv::sandbox
