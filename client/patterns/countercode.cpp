// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/patterns/countercode.h"

namespace norikv::client {

namespace {

// A string literal that every one of these languages reads the same way: printable ASCII, the rest as \u
// escapes would differ, so odd keys are written as hexadecimal escapes where the language has them.
std::string quoted(std::string_view text)
{
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\' || c == '$')
            out += '\\';
        out += c;
    }
    return out + '"';
}

std::string base64(std::string_view bytes)
{
    constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        std::uint32_t block = 0;
        for (std::size_t j = 0; j < 3; ++j)
            block = (block << 8) | (i + j < bytes.size() ? static_cast<unsigned char>(bytes[i + j]) : 0U);
        for (std::size_t j = 0; j < 4; ++j)
            out += i + j > bytes.size() ? '=' : digits[(block >> (18 - 6 * j)) & 63];
    }
    return out;
}

std::string replaced(std::string text, std::string_view mark, std::string_view with)
{
    for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark, at + with.size()))
        text.replace(at, mark.size(), with);
    return text;
}

std::string_view templateFor(Language language, bool sharded)
{
    switch (language) {
    case Language::TypeScript:
        return sharded
            ? "const counter = new ShardedCounter(client, KEY, SHARDS);\nawait counter.increment();\n"
            : "const counter = new DistributedCounter(client, KEY);\nawait counter.initialize();\n"
              "await counter.increment();\n";
    case Language::Python:
        return sharded ? "key = f'{KEY}:shard:{random.randrange(SHARDS)}'\nresult = await client.get(key)\n"
                         "value = int(result.value or 0) + 1\n"
                         "await client.put(key, str(value), PutOptions(if_match_version=result.version))\n"
                       : "result = await client.get(KEY)\nvalue = int(result.value or 0) + 1\n"
                         "await client.put(KEY, str(value), PutOptions(if_match_version=result.version))\n";
    case Language::Go:
        return sharded
            ? "key := []byte(fmt.Sprintf(\"%s:shard:%d\", KEY, rand.Intn(SHARDS)))\n"
              "got, err := client.Get(ctx, key, nil)\nif err != nil { return err }\n"
              "n, err := strconv.ParseInt(string(got.Value), 10, 64)\nif err != nil { return err }\n"
              "_, err = client.Put(ctx, key, []byte(strconv.FormatInt(n+1, 10)),\n"
              "\t&norikv.PutOptions{IfMatchVersion: got.Version})\n"
            : "key := []byte(KEY)\ngot, err := client.Get(ctx, key, nil)\nif err != nil { return err }\n"
              "n, err := strconv.ParseInt(string(got.Value), 10, 64)\nif err != nil { return err }\n"
              "_, err = client.Put(ctx, key, []byte(strconv.FormatInt(n+1, 10)),\n"
              "\t&norikv.PutOptions{IfMatchVersion: got.Version})\n";
    case Language::Java:
        return sharded ? "byte[] key = (KEY + \":shard:\" + "
                         "ThreadLocalRandom.current().nextInt(SHARDS)).getBytes(UTF_8);\n"
                         "GetResult got = client.get(key);\nlong next = Long.parseLong(new "
                         "String(got.getValue(), UTF_8)) + 1;\n"
                         "client.put(key, Long.toString(next).getBytes(UTF_8),\n"
                         "    PutOptions.builder().ifMatchVersion(got.getVersion()).build());\n"
                       : "byte[] key = KEY.getBytes(UTF_8);\nGetResult got = client.get(key);\n"
                         "long next = Long.parseLong(new String(got.getValue(), UTF_8)) + 1;\n"
                         "client.put(key, Long.toString(next).getBytes(UTF_8),\n"
                         "    PutOptions.builder().ifMatchVersion(got.getVersion()).build());\n";
    case Language::Grpcurl:
        return "grpcurl -plaintext -import-path proto -proto norikv/v1/norikv.proto \\\n"
               "  -d '{\"key\":\"BASE64\",\"consistency\":\"strong\"}' ADDRESS norikv.v1.Kv/Get\n";
    case Language::Curl:
        break;
    }
    return "curl http://ADDRESS/kv/PATH\n";
}

std::string percentEncoded(std::string_view bytes)
{
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string out;
    for (const char c : bytes) {
        const auto b = static_cast<unsigned char>(c);
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
            || c == '-' || c == '_' || c == '.' || c == '~';
        if (plain) {
            out += c;
            continue;
        }
        out += '%';
        out += digits[b >> 4];
        out += digits[b & 15];
    }
    return out;
}

} // namespace

std::string_view name(Language language)
{
    switch (language) {
    case Language::TypeScript:
        return "TypeScript";
    case Language::Python:
        return "Python";
    case Language::Go:
        return "Go";
    case Language::Java:
        return "Java";
    case Language::Grpcurl:
        return "grpcurl";
    case Language::Curl:
        break;
    }
    return "curl";
}

std::string incrementSnippet(
    Language language, const Bytes& counter, std::uint32_t shards, const std::string& address)
{
    // The command line tools read one key: of a sharded counter its first shard.
    const Bytes key = shards == 0 ? counter : counter + ":shard:0";
    std::string text(templateFor(language, shards != 0));
    text = replaced(std::move(text), "SHARDS", std::to_string(shards));
    text = replaced(std::move(text), "BASE64", base64(key));
    text = replaced(std::move(text), "ADDRESS", address);
    text = replaced(std::move(text), "PATH", percentEncoded(key));
    // Python's f-string needs the bare name inside its quotes.
    if (language == Language::Python && shards != 0)
        return replaced(std::move(text), "{KEY}", printable(counter));
    return replaced(std::move(text), "KEY", quoted(printable(counter)));
}

} // namespace norikv::client
