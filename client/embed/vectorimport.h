// SPDX-License-Identifier: GPL-3.0-or-later
// Texts and vectors out of a person's files, row by row. A broken row is an answer with its place and reason,
// and the rest goes on; memory is one row, whatever the size of the file or what its header claims.
#pragma once

#include "client/result.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace norikv::client {

/// One text or one vector with what belongs to it; at least one of `text`, `title` and `vector` is there.
struct VectorRow {
    std::string id; ///< 1 to 512 bytes; made of the prefix and the position where the file gives none
    std::string title;
    std::string text;
    std::string theme;
    std::vector<float> vector; ///< 1 to 4096 finite numbers, or empty: the text is to be embedded
};

struct VectorImportRow {
    std::uint64_t position = 0; ///< from 1: the line where it begins, or the number of the vector
    Result<VectorRow> row = VectorRow{};
    std::string shown; ///< of a broken row: its beginning, not yet made printable
};

enum class VectorFormat {
    TextList, ///< a text on each line
    Csv, ///< the first row names the columns: id, title, text, theme, vector, or a number in each column
    Ndjson, ///< {"id","title","text","theme","vector"} on each line, other members left out
    Npy, ///< NumPy: two dimensions, float32 or float64 in either byte order, C order
    Fvecs, ///< for each vector an int32 length and so many float32, little endian
};
std::string_view name(VectorFormat format); ///< "CSV", "NumPy array" ...

struct VectorReadOptions {
    std::optional<VectorFormat> format; ///< else by its first bytes and the ending of its name
    std::string idPrefix = "row-";
    std::uint64_t after = 0; ///< resume: rows up to this position are passed over
};

/// Not thread-safe; each next() takes about as long as one read of the disk, so a caller stops between rows.
class VectorReader {
public:
    /// NotFound or LocalFile where the file cannot be read; BadData where its head is wrong, with the reason.
    static Result<std::unique_ptr<VectorReader>> open(
        const std::string& path, const VectorReadOptions& options = {});
    virtual ~VectorReader() = default;

    /// Empty at the end. Fails (BadData) where nothing behind this place can be read, naming the place.
    virtual Result<std::optional<VectorImportRow>> next() = 0;
    virtual VectorFormat format() const = 0;
    virtual std::uint64_t bytesRead() const = 0;
    virtual std::uint64_t fileSize() const = 0;
    /// Rows in the file where its size tells; 0 = only the end tells.
    virtual std::uint64_t rows() const { return 0; }
};

} // namespace norikv::client
