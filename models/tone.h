// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace norikv::models {

/// What a badge, notice, cell or number says. Always shown with an icon or a word, never by colour alone.
enum class Tone { Neutral, Ok, Warning, Danger, Info, Accent, Muted };

} // namespace norikv::models
