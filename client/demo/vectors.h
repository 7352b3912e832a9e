// SPDX-License-Identifier: GPL-3.0-or-later
// What the playground for vectors starts with: texts of several themes with near-duplicates among them,
// products, and people with what they like. Our own, in English.
#pragma once

#include "client/embed/embedder.h"
#include "client/store.h"

#include <functional>
#include <string>
#include <vector>

namespace norikv::client::demo {

struct DemoText {
    std::string id;
    std::string theme;
    std::string title;
    std::string content;
    std::string nearId; ///< the text that this one is a reworded copy of; empty for an original
};

struct DemoProduct {
    std::string id;
    std::string name;
    std::string description;
    std::string category;
};

struct DemoUser {
    std::string id;
    std::vector<std::string> likes; ///< ids of products, in the order they were met
};

struct DemoTexts {
    std::vector<DemoText> texts; ///< originals by theme, then the copies
    std::vector<DemoProduct> products;
    std::vector<DemoUser> users;
};

/// Reads them anew; keep the result. Fails only where the program itself is damaged.
Result<DemoTexts> demoTexts();

/// Puts them in by the document's three systems: texts into `documents` and, those that are no duplicates at
/// its threshold, into `doc_fingerprints`; products; and what people like as their interactions. What is
/// there already stays. `progress` is told of each step on the calling thread. Unsupported where the server
/// has no vector service. Blocks; some 2,000 calls.
using SeedProgress = std::function<void(std::size_t done, std::size_t total)>;
Result<void> seedVectors(Store& store, Call& call, Embedder& embedder, const SeedProgress& progress = {});

} // namespace norikv::client::demo
