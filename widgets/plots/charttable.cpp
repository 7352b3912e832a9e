// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/charttable.h"

#include <cmath>

using namespace Qt::Literals::StringLiterals;

namespace norikv::plots {

namespace {

QString csvCell(QString cell)
{
    bool isNumber = false;
    cell.toDouble(&isNumber);
    if (!isNumber && !cell.isEmpty() && u"=+-@\t\r"_s.contains(cell.front()))
        cell.prepend('\''_L1);
    const auto special = [](QChar c) { return c == u',' || c == u'"' || c == u'\n' || c == u'\r'; };
    if (std::any_of(cell.cbegin(), cell.cend(), special))
        cell = '"'_L1 + cell.replace(u"\""_s, u"\"\""_s) + '"'_L1;
    return cell;
}

QString csvLine(const QStringList& cells)
{
    QStringList out;
    for (const QString& cell : cells)
        out << csvCell(cell);
    return out.join(u',') + u"\r\n"_s;
}

} // namespace

QString toCsv(const ChartTable& table)
{
    QString out = csvLine(table.headers);
    for (const QStringList& row : table.rows)
        out += csvLine(row);
    return out;
}

QString csvNumber(double value) { return std::isfinite(value) ? QString::number(value, 'g', 15) : QString(); }

} // namespace norikv::plots
