// SPDX-License-Identifier: GPL-3.0-or-later
// The readers behind VectorReader::open().
#pragma once

#include "client/embed/vectorimport.h"

#include <string_view>

namespace norikv::client {

constexpr std::string_view NpyMagic = "\x93NUMPY";

Result<std::unique_ptr<VectorReader>> openNpy(const std::string& path, const VectorReadOptions& options);
Result<std::unique_ptr<VectorReader>> openFvecs(const std::string& path, const VectorReadOptions& options);
/// TextList, Csv or Ndjson.
Result<std::unique_ptr<VectorReader>> openTextRows(
    const std::string& path, VectorFormat format, const VectorReadOptions& options);

/// The row as it is, or why no server would take it.
Result<VectorRow> usableRow(VectorRow row);

} // namespace norikv::client
