// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/result.h"

#include <QString>

namespace norikv::models {

/// An error in words: what happened to what, and what to try. The one place where errors become sentences.
struct ErrorText {
    QString what;
    QString remedy; ///< may be empty
    QString line() const { return remedy.isEmpty() ? what : what + QLatin1Char(' ') + remedy; }
};

/// `action` is what was being done, as an infinitive clause: "increment page:views".
ErrorText errorText(const client::Error& error, const QString& action);

} // namespace norikv::models
