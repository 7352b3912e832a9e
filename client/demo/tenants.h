// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/profile.h"
#include "client/store.h"

namespace norikv::client::demo {

/// Creates the demo's tenants with their keys, those that are not there yet: acme at 60 % of its storage,
/// globex at 85 % of both limits, initech without limits, hooli as a Python client writes it. Blocks.
Result<void> seedTenants(Store& store, Call& call);
/// What the demo's profile declares: where keys cannot be listed these tenants are still found.
void declareTenants(Profile& profile);

/// One more key for acme, so that its card shows growth; stays well below the limit. `tick` counts calls.
Result<void> growTenant(Store& store, Call& call, std::uint64_t tick);

/// T1: a tenant with more keys than its limit.
Result<void> overfillTenant(Store& store, Call& call);
/// T7: metadata with `Infinity`, as a Python client writes an unlimited plan.
Result<void> writeInfinity(Store& store, Call& call);

} // namespace norikv::client::demo
