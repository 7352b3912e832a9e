// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/decode/json.h"

#include <algorithm>
#include <cctype>

namespace norikv::client {

namespace {

bool isDigit(char c) { return c >= '0' && c <= '9'; }
bool isSpace(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

/// Gives the tokens of a document one by one; commas and colons are checked and left out.
class Reader {
public:
    enum class Token { BeginObject, EndObject, BeginArray, EndArray, Name, Scalar, End };
    struct Piece {
        Token token = Token::End;
        JsonKind kind = JsonKind::Null;
        std::size_t begin = 0;
        std::size_t end = 0;
    };

    Reader(std::string_view text, const JsonLimits& limits)
        : m_text(text)
        , m_limits(limits)
    {
        if (text.size() >= JsonNode::None)
            refuse(ErrorKind::TooLarge, "the text is over 4 GiB");
        else if (!isUtf8(text))
            refuse(ErrorKind::BadData, "not UTF-8");
    }

    /// False when the document is at fault; error() says why.
    bool next(Piece& piece)
    {
        while (!m_failed) {
            while (m_at < m_text.size() && isSpace(m_text[m_at]))
                ++m_at;
            if (m_at == m_text.size()) {
                if (m_expect != Expect::Nothing)
                    return refuse(ErrorKind::BadData, "it ends in the middle");
                piece = {Token::End, JsonKind::Null, m_at, m_at};
                return true;
            }
            const char c = m_text[m_at];
            switch (m_expect) {
            case Expect::Nothing:
                return refuse(ErrorKind::BadData, "something follows the value");
            case Expect::CommaOrEnd:
                if (c != ',')
                    return close(piece, c);
                ++m_at;
                m_expect = m_inObject.back() ? Expect::Name : Expect::Value;
                continue;
            case Expect::NameOrEnd:
                if (c == '}')
                    return close(piece, c);
                [[fallthrough]];
            case Expect::Name:
                return name(piece, c);
            case Expect::ValueOrEnd:
                if (c == ']')
                    return close(piece, c);
                [[fallthrough]];
            case Expect::Value:
                return value(piece, c);
            }
        }
        return false;
    }
    const Error& error() const { return m_error; }

private:
    enum class Expect { Value, ValueOrEnd, Name, NameOrEnd, CommaOrEnd, Nothing };

    bool refuse(ErrorKind kind, const char* what)
    {
        m_failed = true;
        m_error.kind = kind;
        m_error.message = std::string(what) + " (byte " + std::to_string(m_at) + ")";
        return false;
    }
    void valueRead() { m_expect = m_inObject.empty() ? Expect::Nothing : Expect::CommaOrEnd; }
    bool close(Piece& piece, char c)
    {
        const bool object = m_inObject.back();
        if (c != (object ? '}' : ']'))
            return refuse(ErrorKind::BadData, object ? "expected , or }" : "expected , or ]");
        piece = {object ? Token::EndObject : Token::EndArray, object ? JsonKind::Object : JsonKind::Array,
            m_at, m_at + 1};
        ++m_at;
        m_inObject.pop_back();
        valueRead();
        return true;
    }
    bool open(Piece& piece, bool object)
    {
        if (m_inObject.size() >= m_limits.depth) {
            m_failed = true;
            m_error = {ErrorKind::TooLarge,
                "nested deeper than " + std::to_string(m_limits.depth) + " levels (byte "
                    + std::to_string(m_at) + ")",
                {}};
            return false;
        }
        m_inObject.push_back(object);
        piece = {object ? Token::BeginObject : Token::BeginArray, object ? JsonKind::Object : JsonKind::Array,
            m_at, m_at + 1};
        ++m_at;
        m_expect = object ? Expect::NameOrEnd : Expect::ValueOrEnd;
        return true;
    }
    bool name(Piece& piece, char c)
    {
        if (c != '"')
            return refuse(ErrorKind::BadData, "expected a name in quotation marks");
        piece = {Token::Name, JsonKind::String, m_at, m_at};
        if (!string())
            return false;
        piece.end = m_at;
        while (m_at < m_text.size() && isSpace(m_text[m_at]))
            ++m_at;
        if (m_at == m_text.size() || m_text[m_at] != ':')
            return refuse(ErrorKind::BadData, "expected : after a name");
        ++m_at;
        m_expect = Expect::Value;
        return true;
    }
    bool value(Piece& piece, char c)
    {
        if (c == '{' || c == '[')
            return open(piece, c == '{');
        piece = {Token::Scalar, JsonKind::String, m_at, m_at};
        if (c == '"') {
            if (!string())
                return false;
        } else if (!(literal(piece, "true", JsonKind::True) || literal(piece, "false", JsonKind::False)
                       || literal(piece, "null", JsonKind::Null) || oddNumber(piece))) {
            piece.kind = JsonKind::Number;
            if (!number())
                return refuse(ErrorKind::BadData, "expected a value");
        }
        piece.end = m_at;
        valueRead();
        return true;
    }
    bool literal(Piece& piece, std::string_view word, JsonKind kind)
    {
        if (!m_text.substr(m_at).starts_with(word))
            return false;
        m_at += word.size();
        piece.kind = kind;
        return true;
    }
    bool oddNumber(Piece& piece)
    {
        return m_limits.lenient
            && (literal(piece, "NaN", JsonKind::Number) || literal(piece, "Infinity", JsonKind::Number)
                || literal(piece, "-Infinity", JsonKind::Number));
    }
    bool digits()
    {
        const std::size_t from = m_at;
        while (m_at < m_text.size() && isDigit(m_text[m_at]))
            ++m_at;
        return m_at > from;
    }
    bool number()
    {
        if (m_text[m_at] == '-')
            ++m_at;
        if (m_at < m_text.size() && m_text[m_at] == '0')
            ++m_at; // and no digit after it: what follows is then refused
        else if (!digits())
            return false;
        if (m_at < m_text.size() && m_text[m_at] == '.') {
            ++m_at;
            if (!digits())
                return false;
        }
        if (m_at < m_text.size() && (m_text[m_at] == 'e' || m_text[m_at] == 'E')) {
            ++m_at;
            if (m_at < m_text.size() && (m_text[m_at] == '+' || m_text[m_at] == '-'))
                ++m_at;
            if (!digits())
                return false;
        }
        return true;
    }
    bool string()
    {
        for (++m_at; m_at < m_text.size(); ++m_at) {
            const char c = m_text[m_at];
            if (c == '"') {
                ++m_at;
                return true;
            }
            if (static_cast<unsigned char>(c) < 0x20)
                return refuse(ErrorKind::BadData, "a control character inside a string");
            if (c != '\\')
                continue;
            ++m_at;
            if (m_at < m_text.size() && m_text[m_at] == 'u') {
                for (int i = 0; i < 4; ++i) {
                    ++m_at;
                    if (m_at >= m_text.size() || !std::isxdigit(static_cast<unsigned char>(m_text[m_at])))
                        return refuse(ErrorKind::BadData, "\\u needs four hexadecimal digits");
                }
            } else if (m_at >= m_text.size()
                || std::string_view("\"\\/bfnrt").find(m_text[m_at]) == std::string_view::npos) {
                return refuse(ErrorKind::BadData, "an unknown escape in a string");
            }
        }
        return refuse(ErrorKind::BadData, "a string without its end");
    }

    std::string_view m_text;
    JsonLimits m_limits;
    std::size_t m_at = 0;
    Expect m_expect = Expect::Value;
    std::vector<bool> m_inObject; ///< of each open container
    bool m_failed = false;
    Error m_error;
};

Result<std::string> rewritten(std::string_view json, const JsonLimits& limits, bool pretty)
{
    using Token = Reader::Token;
    Reader reader(json, limits);
    std::string out;
    out.reserve(pretty ? json.size() * 2 : json.size());
    std::size_t depth = 0;
    Token before = Token::Name; // at the very start nothing stands in front
    Reader::Piece piece;
    while (reader.next(piece)) {
        if (piece.token == Token::End)
            return out;
        const bool closes = piece.token == Token::EndObject || piece.token == Token::EndArray;
        const bool opened = before == Token::BeginObject || before == Token::BeginArray;
        depth -= closes;
        if (before != Token::Name && !(closes && opened)) {
            if (!closes && !opened)
                out += ',';
            if (pretty)
                out.append(1, '\n').append(depth * 2, ' ');
        }
        out += json.substr(piece.begin, piece.end - piece.begin);
        if (piece.token == Token::Name)
            out += pretty ? ": " : ":";
        depth += piece.token == Token::BeginObject || piece.token == Token::BeginArray;
        before = piece.token;
        if (out.size() > limits.bytes)
            return fail(ErrorKind::TooLarge,
                "indented it would be over " + std::to_string(limits.bytes / (1024 * 1024)) + " MB");
    }
    return tl::unexpected(reader.error());
}

bool isPlainName(std::string_view name)
{
    return !name.empty() && !isDigit(name.front())
        && std::ranges::all_of(name, [](char c) { return c == '_' || (c & 0x80) != 0 || std::isalnum(c); });
}

} // namespace

bool looksLikeJson(std::string_view value)
{
    const auto first = value.find_first_not_of(" \t\r\n");
    return first != std::string_view::npos && (value[first] == '{' || value[first] == '[');
}

Result<void> checkJson(std::string_view json, const JsonLimits& limits)
{
    Reader reader(json, limits);
    Reader::Piece piece;
    while (reader.next(piece)) {
        if (piece.token == Reader::Token::End)
            return {};
    }
    return tl::unexpected(reader.error());
}

Result<std::string> prettyJson(std::string_view json, const JsonLimits& limits)
{
    return rewritten(json, limits, true);
}

Result<std::string> minifyJson(std::string_view json, const JsonLimits& limits)
{
    JsonLimits own = limits;
    own.bytes = std::max(limits.bytes, json.size());
    return rewritten(json, own, false);
}

std::uint32_t JsonDocument::find(std::string_view text, std::uint32_t object, std::string_view rawName) const
{
    for (std::uint32_t row = nodes[object].children; row-- > 0;) {
        const auto at = child(object, row);
        if (nodes[at].key.of(text) == rawName)
            return at;
    }
    return JsonNode::None;
}

Result<JsonDocument> parseJson(std::string_view json, const JsonLimits& limits)
{
    using Token = Reader::Token;
    Reader reader(json, limits);
    JsonDocument document;
    std::vector<std::uint32_t> open;
    const auto at = [](std::size_t place) { return static_cast<std::uint32_t>(place); };
    JsonSpan key;
    Reader::Piece piece;
    while (reader.next(piece) && piece.token != Token::End) {
        const JsonSpan span{at(piece.begin), at(piece.end - piece.begin)};
        if (piece.token == Token::Name) {
            key = span;
            continue;
        }
        if (piece.token == Token::EndObject || piece.token == Token::EndArray) {
            auto& closed = document.nodes[open.back()];
            closed.value.size = at(piece.end) - closed.value.begin;
            open.pop_back();
            continue;
        }
        JsonNode node;
        node.kind = piece.kind;
        node.value = span;
        node.key = key;
        key = {};
        if (!open.empty()) {
            node.parent = open.back();
            node.row = document.nodes[open.back()].children++;
        }
        if (piece.token != Token::Scalar)
            open.push_back(at(document.nodes.size()));
        document.nodes.push_back(node);
    }
    if (piece.token != Token::End || !reader.error().message.empty())
        return tl::unexpected(reader.error());
    // Children of one node side by side, so that "the n-th child" is one look.
    std::uint32_t slot = 0;
    for (auto& node : document.nodes) {
        node.firstChild = slot;
        slot += node.children;
    }
    document.order.resize(slot);
    for (std::uint32_t i = 1; i < document.nodes.size(); ++i) {
        const auto& node = document.nodes[i];
        document.order[document.nodes[node.parent].firstChild + node.row] = i;
    }
    return document;
}

std::string jsonPath(const JsonDocument& document, std::string_view text, std::uint32_t node)
{
    std::vector<std::uint32_t> way;
    for (; document.nodes[node].parent != JsonNode::None; node = document.nodes[node].parent)
        way.push_back(node);
    std::string path;
    while (!way.empty()) {
        const auto& step = document.nodes[way.back()];
        way.pop_back();
        if (step.key.size == 0) {
            path += '[' + std::to_string(step.row) + ']';
            continue;
        }
        const auto quoted = step.key.of(text);
        const auto name = quoted.substr(1, quoted.size() - 2);
        if (isPlainName(name))
            path += (path.empty() ? "" : ".") + std::string(name);
        else
            path += '[' + std::string(quoted) + ']';
    }
    return path.empty() ? "$" : path;
}

std::string quoteJson(std::string_view text)
{
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out = "\"";
    const bool whole = isUtf8(text);
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\')
            out.append(1, '\\').append(1, c);
        else if (c == '\n')
            out += "\\n";
        else if (c == '\t')
            out += "\\t";
        else if (byte < 0x20)
            out.append("\\u00").append(1, digits[byte >> 4]).append(1, digits[byte & 15]);
        else if (byte >= 0x80 && !whole)
            out += "\\ufffd";
        else
            out += c;
    }
    return out += '"';
}

} // namespace norikv::client
