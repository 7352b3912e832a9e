// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/demo/vectors.h"

#include "client/bulk/jsonentry.h"
#include "client/embeddedfiles.h"

namespace norikv::client::demo {

namespace {

/// "" where the member is missing or no string, which no entry of ours has.
std::string text(const Json& object, const char* name) { return takeText(object, name).value_or(std::string()); }

} // namespace

Result<DemoTexts> demoTexts()
{
    DemoTexts all;
    std::string_view rest = embeddedDemoTexts();
    while (!rest.empty()) {
        const auto end = std::min(rest.find('\n'), rest.size());
        const auto object = parseObject(rest.substr(0, end));
        rest.remove_prefix(std::min(end + 1, rest.size()));
        if (!object)
            return tl::unexpected(object.error());
        const std::string kind = text(*object, "kind");
        if (kind == "text") {
            all.texts.push_back({text(*object, "id"), text(*object, "theme"), text(*object, "title"),
                text(*object, "content"), text(*object, "near")});
        } else if (kind == "product") {
            all.products.push_back({text(*object, "id"), text(*object, "name"), text(*object, "description"),
                text(*object, "category")});
        } else if (const auto likes = object->find("likes"); likes != object->end() && likes->is_array()) {
            DemoUser user{text(*object, "id"), {}};
            for (const auto& like : *likes) {
                if (like.is_string())
                    user.likes.push_back(like.get<std::string>());
            }
            all.users.push_back(std::move(user));
        } else {
            return fail(ErrorKind::BadData, "the demo's texts hold something unknown");
        }
    }
    return all;
}

} // namespace norikv::client::demo
