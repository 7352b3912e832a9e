// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/draft.h"

#include "client/decode/json.h"

#include <algorithm>

namespace norikv::models {

namespace {

// Stock editors freeze on long lines: larger values are shown, not edited in place.
constexpr std::size_t MostEditable = 64 * 1024;
constexpr std::size_t LongestLine = 4096;

/// The indented form, where indenting and compacting again loses nothing.
std::optional<client::Bytes> indented(const client::Decoded& decoded)
{
    if (decoded.form != client::ValueForm::Json)
        return std::nullopt;
    const auto compact = client::minifyJson(decoded.bytes);
    if (!compact || *compact != decoded.bytes)
        return std::nullopt;
    auto pretty = client::prettyJson(decoded.bytes);
    return pretty ? std::optional(std::move(*pretty)) : std::nullopt;
}

bool hasLongLine(const client::Bytes& text)
{
    std::size_t line = 0;
    return std::ranges::any_of(text, [&](char c) { return (line = c == '\n' ? 0 : line + 1) > LongestLine; });
}

} // namespace

NotEditable editable(const client::Decoded& decoded)
{
    const auto& bytes = decoded.bytes;
    if (decoded.form != client::ValueForm::Text && decoded.form != client::ValueForm::Json)
        return NotEditable::Binary;
    if (bytes.size() > MostEditable)
        return NotEditable::TooLarge;
    if (!client::isUtf8(bytes) || bytes.find('\0') != client::Bytes::npos)
        return NotEditable::Binary;
    const auto shown = indented(decoded).value_or(bytes);
    if (shown.size() > 4 * MostEditable || hasLongLine(shown))
        return NotEditable::TooLarge;
    // What an editor turns into line breaks, or a QString drops, would not come back byte for byte.
    const QString text = QString::fromStdString(bytes);
    static const QString breaks
        = QStringLiteral("\r") + QChar(QChar::ParagraphSeparator) + QChar(0xFDD0) + QChar(0xFDD1);
    const bool broken = std::ranges::any_of(text, [](QChar c) { return breaks.contains(c); })
        || text.toStdString() != bytes;
    return broken ? NotEditable::OddLineBreaks : NotEditable::Editable;
}

Draft draftOf(const client::Bytes& stored, const client::Decoded& decoded)
{
    auto pretty = indented(decoded);
    Draft draft{stored, {}, decoded.chain, pretty.has_value()};
    draft.text = pretty ? std::move(*pretty) : decoded.bytes;
    return draft;
}

client::Result<client::Bytes> storedValue(const Draft& draft, const client::Bytes& text, bool asTyped)
{
    if (text == draft.text)
        return draft.stored;
    if (!draft.compactJson || asTyped)
        return client::encode(draft.chain, text);
    const auto compact = client::minifyJson(text);
    if (!compact)
        return client::fail(
            client::ErrorKind::BadData, "the edited JSON is not valid: " + compact.error().message);
    return client::encode(draft.chain, *compact);
}

} // namespace norikv::models
