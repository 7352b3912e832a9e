// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/embed/embedder.h"

#include <cmath>

namespace norikv::client {

Result<void> checkTexts(std::span<const std::string> texts)
{
    for (std::size_t i = 0; i < texts.size(); ++i) {
        if (texts[i].find_first_not_of(" \t\r\n\f\v") == std::string::npos)
            return fail(ErrorKind::InvalidRequest, "text " + std::to_string(i + 1) + " is empty");
    }
    return {};
}

void normalize(std::span<float> vector)
{
    double squares = 0;
    for (const float value : vector)
        squares += static_cast<double>(value) * static_cast<double>(value);
    if (squares <= 0)
        return;
    const double scale = 1 / std::sqrt(squares);
    for (float& value : vector)
        value = static_cast<float>(static_cast<double>(value) * scale);
}

} // namespace norikv::client
