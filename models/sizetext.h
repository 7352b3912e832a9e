// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/sizetext.h"

#include <QString>

namespace norikv::models {

/// client::sizeText for labels and cells.
inline QString sizeText(std::uint64_t bytes) { return QString::fromStdString(client::sizeText(bytes)); }

} // namespace norikv::models
