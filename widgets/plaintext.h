// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/bytes.h"

#include <QString>

class QLabel;
class QPlainTextEdit;
class QWidget;

namespace norikv::widgets {

/// Longest piece of foreign text that is ever shaped; a megabyte in one label blocks the window for a second.
constexpr qsizetype maxShownChars = 256;

/// First maxShownChars characters, line breaks and control characters shown as symbols, then an ellipsis.
QString clippedLine(QStringView text);

/// Tool tips guess their format; this makes sure that data is never read as rich text. Clipped.
QString plainToolTip(QStringView text);

/// A new plain-text label. role selects its style: heading, section, cardTitle, caption, muted, subtitle,
/// value.
QLabel* makeLabel(const QString& text, const char* role = nullptr, QWidget* parent = nullptr);

/// The bytes of an editor's text, as they were typed: toPlainText() would turn no-break spaces and line
/// separators into others.
client::Bytes editorText(const QPlainTextEdit& editor);

/// Changes a dynamic style property such as "role" and restyles the widget.
void setStyleRole(QWidget* widget, const char* role);

} // namespace norikv::widgets
