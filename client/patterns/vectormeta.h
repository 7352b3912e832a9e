// SPDX-License-Identifier: GPL-3.0-or-later
// What the document stores beside a vector: `doc:meta:<id>` {title, content}, and ours for its products,
// `product:meta:<id>` {name, description, category}.
#pragma once

#include "client/bytes.h"
#include "client/store.h"

#include <optional>
#include <string>
#include <string_view>

namespace norikv::client {

enum class VectorMetaKind { Document, Product };

/// Read under every dialect's names; `stored` is false where nothing is stored for an id.
struct VectorMeta {
    bool stored = false;
    std::string title; ///< title, or a product's name
    std::string text; ///< content, or description
    std::string theme; ///< a product's category; a document's `theme` is ours, for colours; empty = none
    bool operator==(const VectorMeta&) const = default;
};

/// `doc:meta:` or `product:meta:`
const Bytes& vectorMetaPrefix(VectorMetaKind kind);
Bytes vectorMetaKey(VectorMetaKind kind, std::string_view id);
/// The id in such a key, or nothing.
std::optional<Bytes> vectorOfMetaKey(VectorMetaKind kind, std::string_view key);
/// Products of `products`; documents of every other index, also of those the document stores nothing for.
VectorMetaKind metaKindOf(std::string_view index);

/// What the document makes the vector of: title and content, or name, description and category, joined by a
/// blank; the content alone for `doc_fingerprints` and where there is no title.
std::string embeddedText(std::string_view index, const VectorMeta& meta);
/// BadData with the reason when the value is no JSON object.
Result<VectorMeta> parseVectorMeta(VectorMetaKind kind, std::string_view value);
/// The record to store: `before` with the new words in its own dialect, unknown members kept; a new one,
/// compact, where `before` is empty. A theme is written only when there is one. BadData when `before` is no
/// JSON object or a word is not UTF-8.
Result<Bytes> writeVectorMeta(VectorMetaKind kind, std::string_view before, const VectorMeta& meta);
/// Writes it beside the vector: a plain Put where nothing is stored, else the record is rewritten under
/// compare-and-set. Blocking.
Result<void> storeVectorMeta(
    Store& store, Call& call, VectorMetaKind kind, std::string_view id, const VectorMeta& meta);

} // namespace norikv::client
