// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/patterns/vectormeta.h"

#include "client/patterns/compareandset.h"
#include "client/patterns/jsonrecord.h"

#include <array>

namespace norikv::client {

namespace {

constexpr MemberNames Title{"title", "title", "Title", "title"};
constexpr MemberNames Content{"content", "content", "Content", "content"};
constexpr MemberNames Theme{"theme", "theme", "Theme", "theme"};
constexpr MemberNames Name{"name", "name", "Name", "name"};
constexpr MemberNames Description{"description", "description", "Description", "description"};
constexpr MemberNames Category{"category", "category", "Category", "category"};

struct Names {
    MemberNames title, text, theme;
    std::array<MemberNames, 3> all() const { return {title, text, theme}; }
};
constexpr Names documentNames{Title, Content, Theme};
constexpr Names productNames{Name, Description, Category};

const Names& namesOf(VectorMetaKind kind)
{
    return kind == VectorMetaKind::Product ? productNames : documentNames;
}

} // namespace

const Bytes& vectorMetaPrefix(VectorMetaKind kind)
{
    static const Bytes document = "doc:meta:";
    static const Bytes product = "product:meta:";
    return kind == VectorMetaKind::Product ? product : document;
}

Bytes vectorMetaKey(VectorMetaKind kind, std::string_view id) { return vectorMetaPrefix(kind) + Bytes(id); }

std::optional<Bytes> vectorOfMetaKey(VectorMetaKind kind, std::string_view key)
{
    const Bytes& prefix = vectorMetaPrefix(kind);
    if (!key.starts_with(prefix) || key.size() == prefix.size())
        return std::nullopt;
    return Bytes(key.substr(prefix.size()));
}

VectorMetaKind metaKindOf(std::string_view index)
{
    return index == "products" ? VectorMetaKind::Product : VectorMetaKind::Document;
}

std::string embeddedText(std::string_view index, const VectorMeta& meta)
{
    if (metaKindOf(index) == VectorMetaKind::Product)
        return meta.title + ' ' + meta.text + ' ' + meta.theme;
    return index == "doc_fingerprints" || meta.title.empty() ? meta.text : meta.title + ' ' + meta.text;
}

Result<VectorMeta> parseVectorMeta(VectorMetaKind kind, std::string_view value)
{
    auto json = JsonRecord::read(value);
    if (!json)
        return tl::unexpected(json.error());
    const Names& names = namesOf(kind);
    VectorMeta meta;
    meta.stored = true;
    meta.title = json->text(names.title).value_or("");
    meta.text = json->text(names.text).value_or("");
    meta.theme = json->text(names.theme).value_or("");
    return meta;
}

Result<Bytes> writeVectorMeta(VectorMetaKind kind, std::string_view before, const VectorMeta& meta)
{
    for (const std::string* word : {&meta.title, &meta.text, &meta.theme}) {
        if (!isUtf8(*word))
            return fail(ErrorKind::InvalidRequest, "title, text and theme must be valid UTF-8 text");
    }
    auto json = JsonRecord::read(before.empty() ? "{}" : before);
    if (!json)
        return tl::unexpected(json.error());
    const Names& names = namesOf(kind);
    RecordEdit edit(*json, json->dialect(names.all()));
    edit.set(names.title, edit.text(meta.title));
    edit.set(names.text, edit.text(meta.text));
    // The document's products have a category always, its documents no theme.
    if (!meta.theme.empty() || (kind == VectorMetaKind::Product && before.empty()))
        edit.set(names.theme, edit.text(meta.theme));
    return edit.result();
}

Result<void> storeVectorMeta(
    Store& store, Call& call, VectorMetaKind kind, std::string_view id, const VectorMeta& meta)
{
    const Bytes key = vectorMetaKey(kind, id);
    const auto stored = store.get(call, key);
    if (!stored)
        return tl::unexpected(stored.error());
    if (stored->exists()) {
        const auto written = compareAndSet(
            store, call, key, {CasPolicy::inventory()}, [&](const Entry& entry) -> Result<CasNext> {
                auto value = writeVectorMeta(kind, entry.value, meta);
                if (!value)
                    return tl::unexpected(value.error());
                return CasNext{std::move(*value)};
            });
        if (!written)
            return tl::unexpected(written.error());
        return {};
    }
    auto value = writeVectorMeta(kind, {}, meta);
    if (!value)
        return tl::unexpected(value.error());
    Put put;
    put.key = key;
    put.value = std::move(*value);
    const KnownBefore known(call, *stored);
    if (const auto written = store.put(call, put); !written)
        return tl::unexpected(written.error());
    return {};
}

} // namespace norikv::client
