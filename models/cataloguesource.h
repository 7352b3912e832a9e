// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/catalogue.h"
#include "models/keysource.h"

#include "client/retryingstore.h"

namespace norikv::models {

/// The list of keys where the server has none to give: what the catalogue knows, and from then on what it
/// learns. Coverage is KnownKeys, always.
class CatalogueSource final : public KeySource {
public:
    /// `catalogue` must outlive the source.
    explicit CatalogueSource(Catalogue& catalogue, client::Sleeper sleeper = client::realSleeper());

    client::Result<void> start(const KeyNewsSink& sink, const std::stop_token& stop) override;

private:
    class Inbox;
    /// One list and what follows it. True = the catalogue must be listed again, false = it ends here.
    client::Result<bool> round(Inbox& inbox, const KeyNewsSink& sink, const std::stop_token& stop);

    Catalogue& m_catalogue;
    const client::Sleeper m_sleep;
};

} // namespace norikv::models
