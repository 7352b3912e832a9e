// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plaintext.h"

#include <QLabel>
#include <QPlainTextEdit>
#include <QStyle>
#include <QVariant>

using namespace Qt::Literals::StringLiterals;

namespace norikv::widgets {

namespace {

QChar shownAs(QChar c)
{
    if (c == u'\n' || c == u'\r')
        return u'↵';
    if (c == u'\t')
        return u' ';
    return c.category() == QChar::Other_Control || c.category() == QChar::Other_Format ? QChar(u'·') : c;
}

} // namespace

QString clippedLine(QStringView text)
{
    const bool longer = text.size() > maxShownChars;
    QString out = text.left(longer ? maxShownChars : text.size()).toString();
    for (QChar& c : out)
        c = shownAs(c);
    // Half of a surrogate pair would be drawn as a box.
    if (longer && !out.isEmpty() && out.back().isHighSurrogate())
        out.chop(1);
    return longer ? out + u'…' : out;
}

QString plainToolTip(QStringView text)
{
    const QString clipped = clippedLine(text);
    return clipped.isEmpty() ? clipped : u"<span>"_s + clipped.toHtmlEscaped() + u"</span>"_s;
}

QLabel* makeLabel(const QString& text, const char* role, QWidget* parent)
{
    auto* label = new QLabel(parent);
    label->setTextFormat(Qt::PlainText);
    label->setText(text);
    if (role != nullptr)
        label->setProperty("role", QString::fromLatin1(role));
    return label;
}

client::Bytes editorText(const QPlainTextEdit& editor)
{
    return editor.document()->toRawText().replace(QChar(QChar::ParagraphSeparator), u'\n').toStdString();
}

void setStyleRole(QWidget* widget, const char* role)
{
    widget->setProperty("role", QString::fromLatin1(role));
    widget->style()->unpolish(widget);
    widget->style()->polish(widget);
}

} // namespace norikv::widgets
