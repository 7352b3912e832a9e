// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/valueedit.h"

#include <QMimeData>

namespace norikv::widgets {

namespace {

qsizetype longestLine(const QString& text)
{
    qsizetype longest = 0;
    qsizetype from = 0;
    while (true) {
        const qsizetype end = text.indexOf(u'\n', from);
        longest = std::max(longest, (end < 0 ? text.size() : end) - from);
        if (end < 0)
            return longest;
        from = end + 1;
    }
}

} // namespace

void ValueEdit::insertFromMimeData(const QMimeData* source)
{
    const QString text = source->text();
    if (longestLine(text) > LongestLine)
        Q_EMIT tooLong(text);
    else
        QPlainTextEdit::insertFromMimeData(source);
}

} // namespace norikv::widgets
