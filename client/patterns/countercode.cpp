// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/patterns/countercode.h"

#include "client/base64.h"

namespace norikv::client {

namespace {

/// The key as an expression of the language; of a sharded counter, one shard at random.
std::string keyExpression(Language language, const Bytes& counter, std::uint32_t shards)
{
    const std::string whole = bytesLiteral(language, counter);
    if (shards == 0)
        return whole;
    const std::string count = std::to_string(shards);
    const bool text = isUtf8(counter);
    const Bytes prefix = counter + ":shard:";
    switch (language) {
    case Language::TypeScript: {
        const std::string number = "Math.floor(Math.random() * " + count + ")";
        return text
            ? stringLiteral(language, prefix) + " + " + number
            : "Buffer.concat([" + bytesLiteral(language, prefix) + ", Buffer.from(String(" + number + "))])";
    }
    case Language::Python:
        return text ? whole + " + f\":shard:{random.randrange(" + count + ")}\""
                    : whole + " + b\":shard:%d\" % random.randrange(" + count + ")";
    case Language::Go:
        return "strconv.AppendInt(" + bytesLiteral(language, prefix) + ", int64(rand.Intn(" + count
            + ")), 10)";
    default: {
        const std::string number = "ThreadLocalRandom.current().nextInt(" + count + ")";
        if (text)
            return "(" + stringLiteral(language, prefix) + " + " + number + ").getBytes(UTF_8)";
        std::string hex = bytesLiteral(language, prefix);
        hex.pop_back(); // the closing parenthesis
        return hex + " + HexFormat.of().formatHex(String.valueOf(" + number + ").getBytes(UTF_8)))";
    }
    }
}

} // namespace

std::string incrementSnippet(
    Language language, const Bytes& counter, std::uint32_t shards, const std::string& address)
{
    const std::string key = language == Language::Grpcurl || language == Language::Curl
        ? std::string()
        : keyExpression(language, counter, shards);
    // The command line tools read one key: of a sharded counter its first shard.
    const Bytes first = shards == 0 ? counter : counter + ":shard:0";
    switch (language) {
    case Language::TypeScript:
        // The library's own classes take text.
        if (isUtf8(counter) && shards == 0)
            return "const counter = new DistributedCounter(client, " + key
                + ");\nawait counter.initialize();\nawait counter.increment();\n";
        if (isUtf8(counter))
            return "const counter = new ShardedCounter(client, " + stringLiteral(language, counter) + ", "
                + std::to_string(shards) + ");\nawait counter.increment();\n";
        return "const key = " + key
            + ";\nconst current = await client.get(key);\n"
              "const next = BigInt(bytesToString(current.value)) + 1n;\n"
              "await client.put(key, next.toString(), { ifMatchVersion: current.version });\n";
    case Language::Python:
        return "key = " + key
            + "\nresult = await client.get(key)\nvalue = int(result.value or 0) + 1\n"
              "await client.put(key, str(value), PutOptions(if_match_version=result.version))\n";
    case Language::Go:
        return "key := " + key
            + "\ngot, err := client.Get(ctx, key, nil)\nif err != nil { return err }\n"
              "n, err := strconv.ParseInt(string(got.Value), 10, 64)\nif err != nil { return err }\n"
              "_, err = client.Put(ctx, key, []byte(strconv.FormatInt(n+1, 10)),\n"
              "\t&norikv.PutOptions{IfMatchVersion: got.Version})\n";
    case Language::Java:
        return "byte[] key = " + key
            + ";\nGetResult got = client.get(key);\n"
              "long next = Long.parseLong(new String(got.getValue(), UTF_8)) + 1;\n"
              "client.put(key, Long.toString(next).getBytes(UTF_8),\n"
              "    PutOptions.builder().ifMatchVersion(got.getVersion()).build());\n";
    case Language::Grpcurl:
        return "grpcurl -plaintext -import-path proto -proto norikv/v1/norikv.proto \\\n"
               "  -d '{\"key\":\""
            + base64(first) + "\",\"consistency\":\"strong\"}' " + shellQuoted(address)
            + " norikv.v1.Kv/Get\n";
    case Language::Curl:
        break;
    }
    return "curl " + shellQuoted("http://" + address + "/kv/" + percentEncoded(first)) + "\n";
}

} // namespace norikv::client
