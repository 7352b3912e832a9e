// SPDX-License-Identifier: GPL-3.0-or-later
// Tenants in words, the same on cards, in the inspector and for screen readers.
#pragma once

#include "models/tenantbook.h"

#include <QString>

namespace norikv::models {

/// "312 / 1 000", with "≥ " before it where not all keys are known and ", no limit" after it where none is
/// set.
QString keysText(const TenantState& tenant);
QString storageText(const TenantState& tenant);
/// A size as "6.3 MB", with the tooltip's exact bytes elsewhere.
QString sizeWords(double bytes);
/// "full in about 3 d (2 d to 5 d)", "not growing" ...; of the limit that is reached first.
QString exhaustionText(const TenantState& tenant, EpochMs nowMs);
/// The short form for a card: "full in about 3 d", "no growth".
QString exhaustionShort(const TenantState& tenant, EpochMs nowMs);
/// "free", "no plan", or the unknown word.
QString planWord(const TenantState& tenant);
/// The display name, or the id where there is none.
QString tenantName(const TenantState& tenant);
/// A day as 2024-05-31; empty where it is not known.
QString createdText(const TenantState& tenant);
/// What is wrong, worst first, in a few words: "over its limit", "no metadata"; empty when nothing is.
QString troubleText(const TenantState& tenant);

} // namespace norikv::models
