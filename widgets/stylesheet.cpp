// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/stylesheet.h"

#include "widgets/resources.h"

#include <QFile>
#include <QHash>
#include <QRegularExpression>

using namespace Qt::Literals::StringLiterals;

namespace norikv::widgets {

namespace {

QHash<QString, QString> names(ThemeKind kind, Accent accent)
{
    const Tokens& t = tokensFor(kind, accent);
    QHash<QString, QString> out{{u"variant"_s, kind == ThemeKind::Dark ? u"dark"_s : u"light"_s}};
    const std::pair<QString, QColor> colors[] = {{u"background"_s, t.background}, {u"surface"_s, t.surface},
        {u"overlay"_s, t.overlay}, {u"field"_s, t.field}, {u"border"_s, t.border}, {u"text"_s, t.text},
        {u"muted"_s, t.muted}, {u"disabledText"_s, t.disabledText}, {u"accent"_s, t.accent},
        {u"accentHover"_s, t.accentHover}, {u"accentPressed"_s, t.accentPressed}, {u"onAccent"_s, t.onAccent},
        {u"accentText"_s, t.accentText}, {u"accentSoft"_s, t.accentSoft}, {u"hover"_s, t.hover},
        {u"pressed"_s, t.pressed}, {u"selection"_s, t.selection}, {u"control"_s, t.control},
        {u"controlHover"_s, t.controlHover}, {u"disabledFill"_s, t.disabledFill}, {u"track"_s, t.track},
        {u"scroll"_s, t.scroll}, {u"dangerText"_s, t.danger.text}, {u"dangerSoft"_s, t.danger.soft}};
    for (const auto& [name, color] : colors)
        out.insert(name, color.name());
    return out;
}

} // namespace

QString styleSheet(ThemeKind kind, Accent accent)
{
    initResources();
    QFile file(u":/norikv/style/workbench.qss"_s);
    if (!file.open(QIODevice::ReadOnly))
        return {};
    const QString source = QString::fromUtf8(file.readAll());
    const auto values = names(kind, accent);
    static const QRegularExpression name(u"@([A-Za-z]+)"_s);
    QString out;
    out.reserve(source.size());
    qsizetype from = 0;
    for (auto it = name.globalMatch(source); it.hasNext();) {
        const auto match = it.next();
        out += QStringView(source).mid(from, match.capturedStart() - from);
        out += values.value(match.captured(1), match.captured(0));
        from = match.capturedEnd();
    }
    out += QStringView(source).mid(from);
    return out;
}

} // namespace norikv::widgets
