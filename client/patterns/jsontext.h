// SPDX-License-Identifier: GPL-3.0-or-later
// JSON as it lies in a store: read where strict readers give up, changed without touching the rest.
#pragma once

#include "client/result.h"

#include <string>
#include <string_view>
#include <vector>

namespace norikv::client {

/// A stored text made readable.
struct JsonText {
    std::string strict; ///< valid JSON: what was stored, with `null` for each of `literals`
    std::vector<std::string> literals; ///< Infinity, -Infinity and NaN as found: Python writes them

    bool wasStrict() const { return literals.empty(); }
};

/// BadData with the reason when the text is no JSON even then.
Result<JsonText> readJson(std::string_view stored);

/// Where one member of an object stands in the text.
struct JsonMember {
    std::string name; ///< unescaped
    std::size_t begin = 0; ///< of its value
    std::size_t end = 0; ///< one past its value
};
/// Members of the object that begins at `object`, in the order written, duplicates included; empty when
/// there is no object. `strict` must be valid JSON.
std::vector<JsonMember> jsonMembers(std::string_view strict, std::size_t object = 0);

/// Changes members of one JSON text; every other byte stays. Offsets are those of the original text, so
/// collect all changes first.
class JsonEdit {
public:
    explicit JsonEdit(std::string strict);

    const std::string& original() const { return m_text; }
    void replace(const JsonMember& member, std::string value);
    /// Appends a member to the object at `object`; `spaced` puts a blank after comma and colon, as Python
    /// does.
    void append(std::size_t object, std::string_view name, std::string_view value, bool spaced);
    /// The text with all changes.
    std::string result() const;

private:
    struct Splice {
        std::size_t begin = 0;
        std::size_t end = 0;
        std::string text;
    };
    std::string m_text;
    std::vector<Splice> m_splices;
};

/// A JSON string literal; with `ascii` everything beyond ASCII becomes \u escapes, as Python writes it. The
/// text must be UTF-8.
std::string jsonQuoted(std::string_view text, bool ascii = false);

} // namespace norikv::client
