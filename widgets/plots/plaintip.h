// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

// Private to plots/.
namespace norikv::plots {

/// Tool tips guess their format; names that come from data must never be read as markup.
inline QString plainTip(const QString& text)
{
    QString html = text.left(1024).toHtmlEscaped();
    return QStringLiteral("<span>%1</span>").arg(html.replace(QLatin1Char('\n'), QStringLiteral("<br>")));
}

} // namespace norikv::plots
