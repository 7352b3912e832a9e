// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>

#include <vector>

namespace norikv::plots {

/// A chart's data as text, for the "show as table" toggle, the clipboard and CSV.
struct ChartTable {
    QStringList headers;
    std::vector<QStringList> rows;
};

/// RFC 4180: CRLF, quotes only where needed. Cells that a spreadsheet would run as a formula get a leading
/// quote.
QString toCsv(const ChartTable& table);

/// A number for a machine: '.' as decimal point, empty when not known.
QString csvNumber(double value);

} // namespace norikv::plots
