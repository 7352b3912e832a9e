// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/decode/decode.h"

#include "client/decode/json.h"
#include "client/decode/msgpack.h"
#include "client/decode/protobufwire.h"

#include <algorithm>

namespace norikv::client {

namespace {

using namespace std::string_view_literals;

constexpr std::size_t MostLayers = 4;
constexpr std::size_t LeastText = 12;

bool isControl(char c)
{
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\t' && c != '\n' && c != '\r') || byte == 0x7F;
}

bool isPlainText(std::string_view bytes) { return std::ranges::none_of(bytes, isControl) && isUtf8(bytes); }

bool isJson(std::string_view bytes)
{
    JsonLimits limits;
    limits.lenient = true;
    return looksLikeJson(bytes) && checkJson(bytes, limits);
}

bool isMap(std::string_view bytes)
{
    if (bytes.empty())
        return false;
    const auto first = static_cast<unsigned char>(bytes[0]);
    return ((first & 0xF0) == 0x80 && first != 0x80) || first == 0xDE || first == 0xDF;
}

bool meansSomething(std::string_view bytes)
{
    auto layer = announcedWrapping(bytes);
    if (layer && layer->wrapping == Wrapping::Zlib && !unwrap(*layer, bytes))
        layer.reset(); // two letters alone announce little
    return layer || !imageTypeOf(bytes).empty() || isJson(bytes) || (isMap(bytes) && isMessagePack(bytes))
        || (bytes.size() >= LeastText && isPlainText(bytes));
}

} // namespace

std::string_view name(ValueForm form)
{
    switch (form) {
    case ValueForm::Text:
        return "text";
    case ValueForm::Json:
        return "JSON";
    case ValueForm::MessagePack:
        return "MessagePack";
    case ValueForm::Protobuf:
        return "Protobuf";
    case ValueForm::Image:
        return "image";
    case ValueForm::Binary:
        break;
    }
    return "binary";
}

std::string_view imageTypeOf(std::string_view bytes)
{
    if (bytes.starts_with("\x89PNG\r\n\x1a\n"sv))
        return "png";
    if (bytes.starts_with("\xff\xd8\xff"sv))
        return "jpeg";
    if (bytes.starts_with("GIF87a"sv) || bytes.starts_with("GIF89a"sv))
        return "gif";
    // Two letters announce nothing; the reserved zeros and the header's size do.
    if (bytes.size() >= 26 && bytes.starts_with("BM"sv) && bytes.substr(6, 4) == "\0\0\0\0"sv
        && "\x0c\x28\x34\x38\x6c\x7c"sv.find(bytes[14]) != std::string_view::npos
        && bytes.substr(15, 3) == "\0\0\0"sv)
        return "bmp";
    return {};
}

ValueForm detectForm(std::string_view bytes, std::string* imageType)
{
    if (const auto type = imageTypeOf(bytes); !type.empty()) {
        if (imageType)
            *imageType = type;
        return ValueForm::Image;
    }
    if (isJson(bytes))
        return ValueForm::Json;
    if (isPlainText(bytes))
        return ValueForm::Text;
    if (isMessagePack(bytes))
        return ValueForm::MessagePack;
    if (looksLikeProtobuf(bytes))
        return ValueForm::Protobuf;
    // Text with a stray control character is still text; where every tenth byte is one it is not.
    if (bytes.find('\0') != std::string_view::npos || !isUtf8(bytes))
        return ValueForm::Binary;
    const auto controls = static_cast<std::size_t>(std::ranges::count_if(bytes, isControl));
    return controls * 10 <= bytes.size() + 9 ? ValueForm::Text : ValueForm::Binary;
}

Decoded decode(std::string_view value, const DecodeWish& wish, const std::stop_token& stop)
{
    Decoded out;
    out.bytes = value;
    const std::size_t layers = wish.chain ? wish.chain->size() : MostLayers;
    for (std::size_t i = 0; i < layers; ++i) {
        auto step = wish.chain ? std::optional((*wish.chain)[i]) : announcedWrapping(out.bytes);
        const bool guess = !step;
        if (guess && looksLikeBase64(out.bytes))
            step = WrapStep{Wrapping::Base64};
        if (!step)
            break;
        auto inner = unwrap(*step, out.bytes, MostUnwrapped, stop);
        if (guess && (!inner || !meansSomething(*inner)))
            break;
        if (!inner) {
            // Two letters of text look like zlib: only what was asked for, or is too large, is worth a word.
            if (wish.chain || step->wrapping != Wrapping::Zlib || inner.error().kind != ErrorKind::BadData)
                out.problem = inner.error();
            break;
        }
        out.bytes = std::move(*inner);
        out.chain.push_back(*step);
    }
    out.form = wish.form ? *wish.form : detectForm(out.bytes, &out.imageType);
    if (out.imageType.empty())
        out.imageType = imageTypeOf(out.bytes);
    return out;
}

Result<Bytes> encode(std::span<const WrapStep> chain, std::string_view bytes)
{
    Bytes out(bytes);
    for (auto step = chain.rbegin(); step != chain.rend(); ++step) {
        auto wrapped = wrap(*step, out);
        if (!wrapped)
            return wrapped;
        out = std::move(*wrapped);
    }
    return out;
}

} // namespace norikv::client
