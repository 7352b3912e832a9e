// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/copyas.h"

#include "client/base64.h"
#include "client/patterns/countercode.h"

namespace norikv::client {

namespace {

using What = ShownOperation::What;

constexpr std::uint64_t LargestSafe = 9'007'199'254'740'991; // of a number in TypeScript

tl::unexpected<Error> refuse(const std::string& why) { return fail(ErrorKind::Unsupported, why); }

std::string number(std::uint64_t n) { return std::to_string(n); }

std::string typeScript(const ShownOperation& op, const std::string& key, const std::string& value)
{
    if (op.what == What::Get)
        return "const result = await client.get(" + key + ");\n";
    if (op.what == What::Remove)
        return "await client.delete(" + key + ");\n";
    std::string options;
    if (op.ifMatch)
        options = "ifMatchVersion: current.version";
    if (op.ttlMs != 0)
        options += (options.empty() ? "ttlMs: " : ", ttlMs: ") + number(op.ttlMs);
    const std::string read = op.ifMatch ? "const current = await client.get(" + key + ");\n" : "";
    return read + "await client.put(" + key + ", " + value + (options.empty() ? "" : ", { " + options + " }")
        + ");\n";
}

std::string python(const ShownOperation& op, const std::string& key, const std::string& value)
{
    if (op.what == What::Get)
        return "result = await client.get(" + key + ")\n";
    if (op.what == What::Remove)
        return "await client.delete(" + key + ")\n";
    std::string options;
    if (op.ifMatch)
        options = "if_match_version=current.version";
    if (op.ttlMs != 0)
        options += (options.empty() ? "ttl_ms=" : ", ttl_ms=") + number(op.ttlMs);
    const std::string read = op.ifMatch ? "current = await client.get(" + key + ")\n" : "";
    return read + "await client.put(" + key + ", " + value
        + (options.empty() ? "" : ", PutOptions(" + options + ")") + ")\n";
}

std::string go(const ShownOperation& op, const std::string& key, const std::string& value)
{
    constexpr std::string_view check = "if err != nil { return err }\n";
    if (op.what == What::Get)
        return "got, err := client.Get(ctx, " + key + ", nil)\n" + std::string(check);
    if (op.what == What::Remove)
        return "_, err := client.Delete(ctx, " + key + ", nil)\n" + std::string(check);
    std::string out;
    std::string options;
    if (op.ifMatch) {
        out += "got, err := client.Get(ctx, " + key + ", nil)\n" + std::string(check);
        options = "IfMatchVersion: got.Version";
    }
    if (op.ttlMs != 0) {
        out += "ttl := uint64(" + number(op.ttlMs) + ")\n";
        options += options.empty() ? "TTLMs: &ttl" : ", TTLMs: &ttl";
    }
    out += "_, err " + std::string(op.ifMatch ? "= " : ":= ") + "client.Put(ctx, " + key + ", " + value + ", "
        + (options.empty() ? "nil" : "&norikv.PutOptions{" + options + "}") + ")\n";
    return out + std::string(check);
}

std::string java(const ShownOperation& op, const std::string& key, const std::string& value)
{
    const std::string named = "byte[] key = " + key + ";\n";
    if (op.what == What::Get)
        return named + "GetResult got = client.get(key);\n";
    if (op.what == What::Remove)
        return named + "client.delete(key);\n";
    std::string options = "PutOptions.builder()";
    if (op.ifMatch)
        options += ".ifMatchVersion(got.getVersion())";
    if (op.ttlMs != 0)
        options += ".ttlMs(" + number(op.ttlMs) + "L)";
    return named + (op.ifMatch ? "GetResult got = client.get(key);\n" : "") + "client.put(key, " + value
        + ",\n    " + options + ".build());\n";
}

std::string grpcurl(const ShownOperation& op, const CopyTarget& target)
{
    // Base64 and digits only: nothing in the JSON needs escaping, for JSON or for the shell.
    std::string message;
    std::string method = "norikv.v1.Kv/Get";
    std::string proto = "norikv/v1/norikv.proto";
    const std::string key = base64(op.key);
    switch (op.what) {
    case What::Put:
        message = R"("key":")" + key + R"(","value":")" + base64(op.value) + '"';
        if (op.ttlMs != 0)
            message += R"(,"ttl_ms":")" + number(op.ttlMs) + '"';
        if (op.ifMatch)
            message += R"(,"if_match":{"term":")" + number(op.ifMatch->term) + R"(","index":")"
                + number(op.ifMatch->index) + "\"}";
        method = "norikv.v1.Kv/Put";
        break;
    case What::Remove:
        message = R"("key":")" + key + '"';
        method = "norikv.v1.Kv/Delete";
        break;
    case What::Scan:
        message = R"("prefix":")" + key + '"';
        if (op.limit != 0)
            message += R"(,"limit":")" + number(op.limit) + '"';
        method = "norikv.explore.v1.Explore/Scan";
        proto = "norikv/explore/v1/explore.proto";
        break;
    case What::Get:
    case What::Increment:
        message = R"("key":")" + key + R"(","consistency":"strong")";
        break;
    }
    return "grpcurl -plaintext -import-path proto -proto " + proto + " \\\n  -d '{" + message + "}' "
        + shellQuoted(target.rpc) + ' ' + method + '\n';
}

Result<std::string> curl(const ShownOperation& op, const CopyTarget& target)
{
    if (target.http.empty())
        return refuse("the address of the HTTP port is not known; set it in the connection");
    if (op.what == What::Increment || op.what == What::Scan)
        return refuse("the HTTP port has no such call");
    if (op.ttlMs != 0)
        return refuse("the HTTP port ignores the time to live: the value would never expire");
    if (op.ifMatch)
        return refuse("the HTTP port cannot compare and set");
    if (op.key.empty() || !isUtf8(op.key))
        return refuse("the HTTP port takes only keys that are text");
    // Two dots would be taken for a step upwards; the shell gets the URL as one word.
    std::string path = percentEncoded(op.key);
    if (op.key == "." || op.key == "..")
        return refuse("the HTTP port cannot name this key");
    const std::string url = shellQuoted("http://" + target.http + "/kv/" + path);
    if (op.what == What::Get)
        return "curl " + url + '\n';
    if (op.what == What::Remove)
        return "curl -X DELETE " + url + '\n';
    return "printf " + printfFormat(op.value)
        + " | curl -X PUT -H 'Content-Type: application/octet-stream' --data-binary @- " + url + '\n';
}

} // namespace

Result<std::string> copyAs(Language language, const ShownOperation& operation, const CopyTarget& target)
{
    if (operation.key.size() + operation.value.size() > MaxCopiedBytes)
        return fail(ErrorKind::TooLarge, "the value is too large for a snippet; export it instead");
    if (language == Language::Curl)
        return curl(operation, target);
    const bool counts = operation.what == What::Increment;
    if (language == Language::Grpcurl) {
        if (counts)
            return refuse("one command cannot count safely: it takes a read and a compare-and-set");
        return grpcurl(operation, target);
    }
    if (operation.what == What::Scan)
        return refuse(
            "the " + std::string(name(language)) + " library cannot list keys; copy it for grpcurl");
    if (counts)
        return incrementSnippet(language, operation.key, operation.shards, target.rpc);
    if (operation.ttlMs > LargestSafe)
        return refuse("the time to live is too long for a snippet");
    const std::string key = bytesLiteral(language, operation.key);
    const std::string value = bytesLiteral(language, operation.value);
    switch (language) {
    case Language::TypeScript:
        return typeScript(operation, key, value);
    case Language::Python:
        return python(operation, key, value);
    case Language::Go:
        return go(operation, key, value);
    default:
        return java(operation, key, value);
    }
}

} // namespace norikv::client
