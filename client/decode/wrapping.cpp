// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/decode/wrapping.h"

#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <vector>

namespace norikv::client {

namespace {

constexpr std::size_t Chunk = 64 * 1024;
constexpr std::size_t LeastBase64 = 16;

/// Collects what comes out; says when it is too much or nobody waits any more.
class Output {
public:
    Output(std::size_t most, const std::stop_token& stop)
        : m_most(most)
        , m_stop(stop)
    {
    }
    Result<void> take(const char* data, std::size_t size)
    {
        if (m_stop.stop_requested())
            return fail(ErrorKind::Cancelled, "stopped");
        if (size > m_most - m_bytes.size())
            return fail(ErrorKind::TooLarge,
                "it unwraps to more than " + std::to_string(m_most / (1024 * 1024))
                    + " MB and was left as it is");
        m_bytes.append(data, size);
        return {};
    }
    Bytes&& bytes() { return std::move(m_bytes); }

private:
    const std::size_t m_most;
    std::stop_token m_stop;
    Bytes m_bytes;
};

tl::unexpected<Error> damaged(Wrapping wrapping, const std::string& how)
{
    return fail(ErrorKind::BadData, std::string(name(wrapping)) + ": " + how);
}

constexpr int windowBits(Wrapping wrapping) { return wrapping == Wrapping::Gzip ? 15 + 16 : 15; }

Result<Bytes> inflated(Wrapping wrapping, std::string_view value, Output out)
{
    z_stream z{};
    if (inflateInit2(&z, windowBits(wrapping)) != Z_OK)
        return damaged(wrapping, "no memory");
    const std::unique_ptr<z_stream, int (*)(z_stream*)> ends(&z, inflateEnd);
    std::vector<char> buffer(Chunk);
    Bytes input(value); // zlib asks for bytes that it may change
    z.next_in = reinterpret_cast<Bytef*>(input.data());
    z.avail_in = static_cast<uInt>(input.size());
    while (true) {
        z.next_out = reinterpret_cast<Bytef*>(buffer.data());
        z.avail_out = static_cast<uInt>(buffer.size());
        const int state = inflate(&z, Z_NO_FLUSH);
        if (auto taken = out.take(buffer.data(), buffer.size() - z.avail_out); !taken)
            return tl::unexpected(taken.error());
        if (state == Z_STREAM_END) {
            if (z.avail_in == 0)
                return out.bytes();
            if (wrapping != Wrapping::Gzip || inflateReset(&z) != Z_OK)
                return damaged(wrapping, std::to_string(z.avail_in) + " bytes follow its end");
            continue;
        }
        if (state == Z_BUF_ERROR || (state == Z_OK && z.avail_in == 0 && z.avail_out > 0))
            return damaged(wrapping, "it ends in the middle");
        if (state != Z_OK)
            return damaged(wrapping, z.msg ? z.msg : "damaged");
    }
}

Result<Bytes> zstdRead(std::string_view value, Output out)
{
    const std::unique_ptr<ZSTD_DCtx, std::size_t (*)(ZSTD_DCtx*)> context(ZSTD_createDCtx(), ZSTD_freeDCtx);
    if (!context)
        return damaged(Wrapping::Zstd, "no memory");
    ZSTD_DCtx_setParameter(context.get(), ZSTD_d_windowLogMax, 26); // 64 MiB: what we take at most
    std::vector<char> buffer(Chunk);
    ZSTD_inBuffer in{value.data(), value.size(), 0};
    while (true) {
        ZSTD_outBuffer to{buffer.data(), buffer.size(), 0};
        const std::size_t state = ZSTD_decompressStream(context.get(), &to, &in);
        if (ZSTD_isError(state))
            return damaged(Wrapping::Zstd, ZSTD_getErrorName(state));
        if (auto taken = out.take(buffer.data(), to.pos); !taken)
            return tl::unexpected(taken.error());
        if (state == 0 && in.pos == in.size)
            return out.bytes();
        if (in.pos == in.size && to.pos < to.size)
            return damaged(Wrapping::Zstd, "it ends in the middle");
    }
}

int sextet(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    return c == '+' || c == '-' ? 62 : c == '/' || c == '_' ? 63 : -1;
}

bool isSpace(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

struct Base64Shape {
    std::size_t letters = 0;
    std::size_t padding = 0;
    bool urlSafe = false;
    bool onlyDigits = true;
};

std::optional<Base64Shape> base64Shape(std::string_view value)
{
    Base64Shape shape;
    bool plain = false;
    for (const char c : value) {
        if (isSpace(c))
            continue;
        if (c == '=') {
            ++shape.padding;
            continue;
        }
        if (shape.padding > 0 || sextet(c) < 0)
            return std::nullopt;
        plain |= c == '+' || c == '/';
        shape.urlSafe |= c == '-' || c == '_';
        shape.onlyDigits &= c >= '0' && c <= '9';
        ++shape.letters;
    }
    const std::size_t rest = shape.letters % 4;
    if ((plain && shape.urlSafe) || rest == 1 || shape.letters == 0
        || (shape.padding > 0 && (rest == 0 || rest + shape.padding != 4)))
        return std::nullopt;
    return shape;
}

Result<Bytes> base64Read(WrapStep& step, std::string_view value, Output out)
{
    const auto shape = base64Shape(value);
    if (!shape)
        return damaged(Wrapping::Base64, "not base64");
    step.urlSafe = shape->urlSafe;
    step.padded = shape->letters % 4 == 0 ? !shape->urlSafe : shape->padding > 0;
    Bytes bytes;
    bytes.reserve(shape->letters * 3 / 4);
    std::uint32_t bits = 0;
    int count = 0;
    for (const char c : value) {
        if (isSpace(c) || c == '=')
            continue;
        bits = (bits << 6) | static_cast<std::uint32_t>(sextet(c));
        if (++count == 4) {
            for (const int shift : {16, 8, 0})
                bytes += static_cast<char>((bits >> shift) & 0xFF);
            bits = 0;
            count = 0;
        }
    }
    if (count == 3) {
        bytes += static_cast<char>((bits >> 10) & 0xFF);
        bytes += static_cast<char>((bits >> 2) & 0xFF);
    } else if (count == 2) {
        bytes += static_cast<char>((bits >> 4) & 0xFF);
    }
    if (auto taken = out.take(bytes.data(), bytes.size()); !taken)
        return tl::unexpected(taken.error());
    return bytes;
}

Bytes base64Written(const WrapStep& step, std::string_view bytes)
{
    const std::string_view alphabet = step.urlSafe
        ? "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
        : "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    Bytes out;
    out.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        const auto group = bytes.substr(i, 3);
        std::uint32_t bits = 0;
        for (std::size_t j = 0; j < 3; ++j)
            bits = (bits << 8) | (j < group.size() ? static_cast<unsigned char>(group[j]) : 0U);
        for (std::size_t j = 0; j < 4; ++j) {
            if (j <= group.size())
                out += alphabet[(bits >> (18 - 6 * j)) & 63];
            else if (step.padded)
                out += '=';
        }
    }
    return out;
}

Result<Bytes> deflated(Wrapping wrapping, std::string_view bytes)
{
    z_stream z{};
    if (deflateInit2(&z, Z_DEFAULT_COMPRESSION, Z_DEFLATED, windowBits(wrapping), 8, Z_DEFAULT_STRATEGY)
        != Z_OK)
        return damaged(wrapping, "no memory");
    const std::unique_ptr<z_stream, int (*)(z_stream*)> ends(&z, deflateEnd);
    Bytes out(deflateBound(&z, static_cast<uLong>(bytes.size())) + 32, '\0');
    Bytes input(bytes);
    z.next_in = reinterpret_cast<Bytef*>(input.data());
    z.avail_in = static_cast<uInt>(input.size());
    z.next_out = reinterpret_cast<Bytef*>(out.data());
    z.avail_out = static_cast<uInt>(out.size());
    if (deflate(&z, Z_FINISH) != Z_STREAM_END)
        return damaged(wrapping, "could not be written");
    out.resize(out.size() - z.avail_out);
    return out;
}

} // namespace

std::string_view name(Wrapping wrapping)
{
    switch (wrapping) {
    case Wrapping::Gzip:
        return "gzip";
    case Wrapping::Zlib:
        return "zlib";
    case Wrapping::Zstd:
        return "zstd";
    case Wrapping::Base64:
        break;
    }
    return "base64";
}

std::optional<WrapStep> announcedWrapping(std::string_view value)
{
    using namespace std::string_view_literals;
    if (value.starts_with("\x1f\x8b\x08"sv))
        return WrapStep{Wrapping::Gzip};
    if (value.starts_with("\x28\xb5\x2f\xfd"sv))
        return WrapStep{Wrapping::Zstd};
    const bool zlib = value.size() > 6 && value[0] == 'x'
        && "\x01\x5e\x9c\xda"sv.find(value[1]) != std::string_view::npos;
    return zlib ? std::optional(WrapStep{Wrapping::Zlib}) : std::nullopt;
}

Result<Bytes> unwrap(WrapStep& step, std::string_view value, std::size_t most, const std::stop_token& stop)
{
    switch (step.wrapping) {
    case Wrapping::Gzip:
    case Wrapping::Zlib:
        return inflated(step.wrapping, value, Output(most, stop));
    case Wrapping::Zstd:
        return zstdRead(value, Output(most, stop));
    case Wrapping::Base64:
        break;
    }
    return base64Read(step, value, Output(most, stop));
}

Result<Bytes> wrap(const WrapStep& step, std::string_view bytes)
{
    if (bytes.size() > MostUnwrapped)
        return fail(ErrorKind::TooLarge, "over 64 MB");
    switch (step.wrapping) {
    case Wrapping::Gzip:
    case Wrapping::Zlib:
        return deflated(step.wrapping, bytes);
    case Wrapping::Zstd: {
        Bytes out(ZSTD_compressBound(bytes.size()), '\0');
        const std::size_t size
            = ZSTD_compress(out.data(), out.size(), bytes.data(), bytes.size(), ZSTD_CLEVEL_DEFAULT);
        if (ZSTD_isError(size))
            return damaged(step.wrapping, ZSTD_getErrorName(size));
        out.resize(size);
        return out;
    }
    case Wrapping::Base64:
        break;
    }
    return base64Written(step, bytes);
}

bool looksLikeBase64(std::string_view value)
{
    const auto shape = base64Shape(value);
    return shape && shape->letters + shape->padding >= LeastBase64 && !shape->onlyDigits;
}

} // namespace norikv::client
