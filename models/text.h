// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/bytes.h"

#include <QByteArray>
#include <QString>

namespace norikv::models {

/// Bytes as a person reads them (client::printable), clipped to what a cell can show.
inline QString shown(const client::Bytes& bytes, std::size_t most = 256)
{
    return QString::fromStdString(client::printable(std::string_view(bytes).substr(0, most)));
}

/// Views guess the format of a tool tip; data must never be read as markup.
inline QString plainTip(const QString& text)
{
    QString html = text.left(1024).toHtmlEscaped();
    return QStringLiteral("<span>%1</span>").arg(html.replace(QLatin1Char('\n'), QStringLiteral("<br>")));
}

/// A number with its digits in groups of three, as widgets::groupDigits writes them.
inline QString grouped(qulonglong number)
{
    QString digits = QString::number(number);
    for (qsizetype at = digits.size() - 3; at > 0; at -= 3)
        digits.insert(at, QChar(0x2009)); // thin space
    return digits;
}

inline QByteArray toQt(const client::Bytes& bytes)
{
    return QByteArray(bytes.data(), static_cast<qsizetype>(bytes.size()));
}

inline client::Bytes fromQt(const QByteArray& bytes)
{
    return client::Bytes(bytes.constData(), static_cast<std::size_t>(bytes.size()));
}

} // namespace norikv::models
