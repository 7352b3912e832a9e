// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/decode/protobufwire.h"

#include "client/decode/bytereader.h"
#include "client/decode/json.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <vector>

namespace norikv::client {

namespace {

constexpr std::uint64_t MostField = (1U << 29) - 1;
constexpr std::uint64_t MostLikelyField = 999;
constexpr std::size_t MostPacked = 32; ///< numbers written out

enum class Wire { Varint = 0, Fixed64 = 1, Bytes = 2, Group = 3, EndGroup = 4, Fixed32 = 5 };

struct Field {
    std::uint64_t number = 0;
    Wire wire = Wire::Varint;
    std::uint64_t scalar = 0;
    std::string_view bytes;
};

/// One field; `problem` says why not.
bool readField(ByteReader& in, Field& field, const char*& problem)
{
    const auto tag = in.varint();
    problem = "it ends in the middle of a field";
    if (!tag)
        return false;
    field.number = *tag >> 3;
    field.wire = static_cast<Wire>(*tag & 7);
    if (field.number == 0 || field.number > MostField) {
        problem = "a field number that cannot be";
        return false;
    }
    std::optional<std::uint64_t> scalar = 0;
    switch (field.wire) {
    case Wire::Varint:
        scalar = in.varint();
        break;
    case Wire::Fixed64:
        scalar = in.littleEndian(8);
        break;
    case Wire::Fixed32:
        scalar = in.littleEndian(4);
        break;
    case Wire::Bytes: {
        const auto size = in.varint();
        const auto bytes = size ? in.take(*size) : std::nullopt;
        if (!bytes)
            return false;
        field.bytes = *bytes;
        return true;
    }
    case Wire::Group:
    case Wire::EndGroup:
        return true;
    default:
        problem = "a wire type that does not exist";
        return false;
    }
    if (!scalar)
        return false;
    field.scalar = *scalar;
    return true;
}

/// Parses to its end, one level deep, groups in pairs.
bool parses(std::string_view bytes, std::uint64_t mostField)
{
    ByteReader in(bytes);
    Field field;
    const char* problem = nullptr;
    std::vector<std::uint64_t> groups;
    while (!in.atEnd()) {
        if (!readField(in, field, problem) || field.number > mostField)
            return false;
        if (field.wire == Wire::Group)
            groups.push_back(field.number);
        if (field.wire == Wire::EndGroup) {
            if (groups.empty() || groups.back() != field.number)
                return false;
            groups.pop_back();
        }
    }
    return groups.empty() && !bytes.empty();
}

bool readable(std::string_view bytes)
{
    const bool controls = std::ranges::any_of(bytes, [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return (byte < 0x20 && c != '\n' && c != '\t' && c != '\r') || byte == 0x7F;
    });
    return !controls && isUtf8(bytes);
}

std::string real(double value, bool isFloat)
{
    char text[40];
    const auto end = isFloat ? std::to_chars(text, text + sizeof text, static_cast<float>(value))
                             : std::to_chars(text, text + sizeof text, value);
    return {text, end.ptr};
}

std::string varintText(std::uint64_t value)
{
    std::string out = std::to_string(value);
    const auto plain = static_cast<std::int64_t>(value);
    if (plain < 0)
        out += "  (signed " + std::to_string(plain) + ")";
    return out;
}

std::string fixedText(std::uint64_t bits, bool wide)
{
    const double number = wide ? std::bit_cast<double>(bits)
                               : static_cast<double>(std::bit_cast<float>(static_cast<std::uint32_t>(bits)));
    return (wide ? "fixed64 " : "fixed32 ") + std::to_string(bits) + "  (" + (wide ? "double " : "float ")
        + real(number, !wide) + ")";
}

/// Bytes that are exactly a row of varints, as such; else empty.
std::string packed(std::string_view bytes)
{
    ByteReader in(bytes);
    std::string out;
    std::size_t count = 0;
    while (!in.atEnd()) {
        const auto value = in.varint();
        if (!value)
            return {};
        if (count < MostPacked)
            out += (count ? ", " : "") + std::to_string(*value);
        ++count;
    }
    if (count > MostPacked)
        out += ", … " + std::to_string(count) + " in all";
    return out;
}

} // namespace

Result<std::string> protobufToText(
    std::string_view value, const ProtobufLimits& limits, const std::stop_token& stop)
{
    struct Level {
        ByteReader in;
        std::uint64_t group = 0; ///< number of the group it is, 0 = a message with bytes of its own
    };
    std::vector<Level> open{{ByteReader(value), 0}};
    std::string out;
    const auto refuse = [&](const char* what) {
        return fail(
            ErrorKind::BadData, std::string(what) + " (byte " + std::to_string(open.front().in.at()) + ")");
    };
    const auto line = [&](std::size_t depth) -> std::string& {
        return out.append(out.empty() ? 0 : 1, '\n').append(depth * 2, ' ');
    };
    std::size_t round = 0;
    while (true) {
        if (++round % 4096 == 0 && stop.stop_requested())
            return fail(ErrorKind::Cancelled, "stopped");
        if (out.size() > limits.bytes)
            return fail(ErrorKind::TooLarge,
                "as text it would be over " + std::to_string(limits.bytes / (1024 * 1024)) + " MB");
        const std::size_t depth = open.size() - 1;
        if (open.back().in.atEnd()) {
            if (open.back().group != 0)
                return refuse("a group without its end");
            open.pop_back();
            if (open.empty())
                return out;
            line(depth - 1) += '}';
            continue;
        }
        Field field;
        const char* problem = nullptr;
        if (!readField(open.back().in, field, problem))
            return refuse(problem);
        const std::string number = std::to_string(field.number);
        switch (field.wire) {
        case Wire::Varint:
            line(depth) += number + ": " + varintText(field.scalar);
            break;
        case Wire::Fixed64:
        case Wire::Fixed32:
            line(depth) += number + ": " + fixedText(field.scalar, field.wire == Wire::Fixed64);
            break;
        case Wire::Group:
            if (open.size() > limits.depth)
                return fail(ErrorKind::TooLarge,
                    "groups nested deeper than " + std::to_string(limits.depth) + " levels");
            line(depth) += number + " group {";
            open.push_back({open.back().in, field.number});
            break;
        case Wire::EndGroup: {
            if (open.back().group != field.number)
                return refuse("the end of a group that was not begun");
            const ByteReader after = open.back().in;
            open.pop_back();
            open.back().in = after; // a group shares its message's bytes
            line(depth - 1) += '}';
            break;
        }
        case Wire::Bytes:
            if (readable(field.bytes)) {
                line(depth) += number + ": " + quoteJson(field.bytes);
            } else if (open.size() <= limits.depth && parses(field.bytes, MostField)) {
                line(depth) += number + " {";
                open.push_back({ByteReader(field.bytes), 0});
            } else {
                line(depth)
                    += number + ": bytes(" + std::to_string(field.bytes.size()) + ")" + hexOf(field.bytes);
                if (const auto numbers = packed(field.bytes); !numbers.empty())
                    line(depth + 1) += "packed: " + numbers;
            }
            break;
        }
    }
}

bool looksLikeProtobuf(std::string_view value) { return value.size() >= 2 && parses(value, MostLikelyField); }

} // namespace norikv::client
