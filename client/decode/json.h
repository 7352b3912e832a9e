// SPDX-License-Identifier: GPL-3.0-or-later
// JSON as it is stored: read token by token, never through numbers or maps, so that nothing changes on the
// way. No recursion over the input: a megabyte of brackets is an answer, not a crash.
#pragma once

#include "client/bytes.h"
#include "client/result.h"

#include <cstdint>
#include <limits>
#include <vector>

namespace norikv::client {

struct JsonLimits {
    std::size_t depth = 1000; ///< levels of nesting
    std::size_t bytes = 16 * 1024 * 1024; ///< of text made: indentation can turn a megabyte into gigabytes
    /// Also take NaN, Infinity and -Infinity, which Python and JavaScript clients write.
    bool lenient = false;
};

/// True when the bytes look like an object or array; says nothing about the rest.
bool looksLikeJson(std::string_view value);
/// Strict RFC 8259 in UTF-8. Fails with BadData (what, at which byte) or TooLarge (nested too deeply).
Result<void> checkJson(std::string_view json, const JsonLimits& limits = {});
/// Indented by two spaces; numbers, names met twice, order and escapes stay byte for byte.
Result<std::string> prettyJson(std::string_view json, const JsonLimits& limits = {});
/// Without the white space between tokens. The inverse of prettyJson() on minified text.
Result<std::string> minifyJson(std::string_view json, const JsonLimits& limits = {});

/// A piece of the text that was parsed; strings with their quotation marks.
struct JsonSpan {
    std::uint32_t begin = 0;
    std::uint32_t size = 0;
    std::string_view of(std::string_view text) const { return text.substr(begin, size); }
};

enum class JsonKind : std::uint8_t { Object, Array, String, Number, True, False, Null };

/// One value of a document. The first node is the document itself.
struct JsonNode {
    static constexpr std::uint32_t None = std::numeric_limits<std::uint32_t>::max();
    std::uint32_t parent = None;
    std::uint32_t row = 0; ///< among its parent's children
    std::uint32_t children = 0;
    std::uint32_t firstChild = 0; ///< its place in JsonDocument::order
    JsonSpan key; ///< of size 0 where the parent is no object
    JsonSpan value;
    JsonKind kind = JsonKind::Null;
};

/// The shape of a document without its text: spans into the text that was parsed, nodes in the order met.
struct JsonDocument {
    std::vector<JsonNode> nodes;
    std::vector<std::uint32_t> order; ///< node numbers, each node's children next to each other

    std::uint32_t child(std::uint32_t node, std::uint32_t row) const
    {
        return order[nodes[node].firstChild + row];
    }
    /// Child of an object by the raw text of its name; JsonNode::None if there is none, the last of several.
    std::uint32_t find(std::string_view text, std::uint32_t object, std::string_view rawName) const;
};

Result<JsonDocument> parseJson(std::string_view json, const JsonLimits& limits = {});
/// Where a node is, as people write it: `cart.items[3]`, `["odd name"]`, `$` for the document.
std::string jsonPath(const JsonDocument& document, std::string_view text, std::uint32_t node);
/// `text` as a JSON string with its quotation marks. Bytes that are no UTF-8 become \ufffd.
std::string quoteJson(std::string_view text);

} // namespace norikv::client
