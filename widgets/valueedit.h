// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPlainTextEdit>

namespace norikv::widgets {

/// An editor for a value's text. A line is shaped as a whole, at each key stroke again, so one that is too
/// long is not taken from the clipboard or a drop: it would hold up the window for seconds.
class ValueEdit final : public QPlainTextEdit {
    Q_OBJECT

public:
    static constexpr qsizetype LongestLine = 64 * 1024; ///< UTF-16 units

    using QPlainTextEdit::QPlainTextEdit;

Q_SIGNALS:
    /// Pasted or dropped, and not taken.
    void tooLong(const QString& text);

protected:
    void insertFromMimeData(const QMimeData* source) override;
};

} // namespace norikv::widgets
