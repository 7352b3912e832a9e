// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace norikv::models {

/// How an action a person asked for ended, as a page tells it.
struct Outcome {
    bool ok = false;
    bool needsConsent = false; ///< the guard asks: repeatWithConsent()
    bool unknown = false; ///< nobody can say whether it was done
    QString action; ///< as a button says it: "Increment page:views"
    QString text; ///< one sentence
    QString remedy;
    bool canCheck = false; ///< of an unknown one: check() reads again and finds out
};

} // namespace norikv::models
