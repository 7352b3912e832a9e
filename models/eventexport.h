// SPDX-License-Identifier: GPL-3.0-or-later
// Events as text, for files and the clipboard. Pure; call it on a worker for long streams.
#pragma once

#include "client/patterns/event.h"

#include <string>

namespace norikv::models {

enum class EventFormat {
    Ndjson, ///< one event a line: key, number, id, type, timestamp in ms, data as stored
    Csv, ///< the same columns; cells that a spreadsheet would run are made harmless
    Mermaid, ///< a sequence diagram, at most 500 events, the newest
    Fixture, ///< a JSON document that a test can load: stream, events and their keys and values
};

/// UTF-8 with a line end at its end.
std::string exportEvents(const client::EventList& events, EventFormat format);
/// "ndjson", "csv", "mmd", "json".
std::string_view fileSuffix(EventFormat format);

} // namespace norikv::models
