// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/commandline.h"

#include "app/pages.h"

#include <functional>
#include <map>

namespace norikv::app {

namespace {

using client::ErrorKind;
using client::GuardMode;
using client::Result;

tl::unexpected<client::Error> bad(const QString& text)
{
    return client::fail(ErrorKind::InvalidRequest, text.toStdString());
}

Result<int> number(const QString& option, const QString& text, int least, int most)
{
    bool ok = false;
    const int value = text.toInt(&ok);
    if (!ok || value < least || value > most)
        return bad(QStringLiteral("%1 %2: give a whole number from %3 to %4")
                       .arg(option, text)
                       .arg(least)
                       .arg(most));
    return value;
}

Result<QSize> size(const QString& text)
{
    const auto parts = text.split(QLatin1Char('x'));
    bool wideOk = false;
    bool highOk = false;
    const int wide = parts.value(0).toInt(&wideOk);
    const int high = parts.value(1).toInt(&highOk);
    if (parts.size() != 2 || !wideOk || !highOk || wide < 320 || high < 240 || wide > 7680 || high > 4320)
        return bad(QStringLiteral("--size %1: give WIDTHxHEIGHT, from 320x240 to 7680x4320").arg(text));
    return QSize(wide, high);
}

/// Options without a value, and what they set.
const std::map<QString, std::function<void(Options&)>>& switches()
{
    static const std::map<QString, std::function<void(Options&)>> table{
        {QStringLiteral("--sandbox"), [](Options& o) { o.sandbox = true; }},
        {QStringLiteral("--demo"), [](Options& o) { o.demo = client::ScenarioKind::Lively; }},
        {QStringLiteral("--read-only"), [](Options& o) { o.guard = GuardMode::ReadOnly; }},
        {QStringLiteral("--confirm-writes"), [](Options& o) { o.guard = GuardMode::Confirm; }},
        {QStringLiteral("--probe"), [](Options& o) { o.probe = true; }},
        {QStringLiteral("--audit"), [](Options& o) { o.audit = true; }},
        {QStringLiteral("--json"), [](Options& o) { o.json = true; }},
        {QStringLiteral("--help"), [](Options& o) { o.help = true; }},
        {QStringLiteral("-h"), [](Options& o) { o.help = true; }},
        {QStringLiteral("--version"), [](Options& o) { o.version = true; }},
    };
    return table;
}

using Setter = std::function<Result<void>(Options&, const QString&)>;

Setter text(QString Options::*member)
{
    return [member](Options& o, const QString& value) -> Result<void> {
        o.*member = value;
        return {};
    };
}

Setter file(std::string client::TlsSettings::*member)
{
    return [member](Options& o, const QString& value) -> Result<void> {
        o.tls.*member = value.toStdString();
        return {};
    };
}

Setter integer(int Options::*member, const QString& option, int least, int most)
{
    return [=](Options& o, const QString& value) -> Result<void> {
        const auto parsed = number(option, value, least, most);
        if (!parsed)
            return tl::unexpected(parsed.error());
        o.*member = *parsed;
        return {};
    };
}

Result<void> setPanel(Options& o, const QString& value)
{
    if (!findPage(value))
        return bad(QStringLiteral("--panel %1: no such panel; there are %2")
                       .arg(value, pageIds().join(QLatin1Char(' '))));
    o.panel = value;
    return {};
}

Result<void> setTheme(Options& o, const QString& value)
{
    if (value != QLatin1String("light") && value != QLatin1String("dark") && value != QLatin1String("system"))
        return bad(QStringLiteral("--theme %1: give light, dark or system").arg(value));
    o.theme = value;
    return {};
}

Result<void> setGuard(Options& o, const QString& value)
{
    if (value == QLatin1String("normal"))
        o.guard = GuardMode::Normal;
    else if (value == QLatin1String("confirm"))
        o.guard = GuardMode::Confirm;
    else if (value == QLatin1String("read-only"))
        o.guard = GuardMode::ReadOnly;
    else
        return bad(QStringLiteral("--guard %1: give normal, confirm or read-only").arg(value));
    return {};
}

Result<void> setSize(Options& o, const QString& value)
{
    const auto parsed = size(value);
    if (!parsed)
        return tl::unexpected(parsed.error());
    o.size = *parsed;
    return {};
}

/// Options that take a value: `--name value` or `--name=value`.
const std::map<QString, Setter>& valued()
{
    static const std::map<QString, Setter> table{
        {QStringLiteral("--panel"), setPanel},
        {QStringLiteral("--open"), text(&Options::openKey)},
        {QStringLiteral("--tenant"), text(&Options::tenant)},
        {QStringLiteral("--guard"), setGuard},
        {QStringLiteral("--config"), text(&Options::configDir)},
        {QStringLiteral("--theme"), setTheme},
        {QStringLiteral("--screenshot"), text(&Options::screenshot)},
        {QStringLiteral("--size"), setSize},
        {QStringLiteral("--after"), integer(&Options::afterMs, QStringLiteral("--after"), 0, 600'000)},
        {QStringLiteral("--for"), integer(&Options::watchSeconds, QStringLiteral("--for"), 0, 86'400)},
        {QStringLiteral("--shard-budget"),
            integer(&Options::shardBudget, QStringLiteral("--shard-budget"), 1, 65'536)},
        {QStringLiteral("--tls-ca"), file(&client::TlsSettings::caFile)},
        {QStringLiteral("--tls-cert"), file(&client::TlsSettings::certFile)},
        {QStringLiteral("--tls-key"), file(&client::TlsSettings::keyFile)},
        {QStringLiteral("--tls-server-name"), file(&client::TlsSettings::serverName)},
        {QStringLiteral("--token-file"), file(&client::TlsSettings::tokenFile)},
    };
    return table;
}

Result<void> setDemo(Options& o, const QString& value)
{
    const auto scenario = client::scenarioFromName(value.toStdString());
    if (!scenario)
        return bad(QStringLiteral("--demo=%1: give lively, calm, races or vectors").arg(value));
    o.demo = *scenario;
    return {};
}

} // namespace

Result<Options> parseCommandLine(const QStringList& arguments)
{
    Options options;
    for (qsizetype i = 0; i < arguments.size(); ++i) {
        const QString& argument = arguments[i];
        if (!argument.startsWith(QLatin1Char('-'))) {
            if (!options.target.isEmpty())
                return bad(QStringLiteral("%1: one target is enough; several seeds are written with commas")
                               .arg(argument));
            options.target = argument;
            continue;
        }
        const qsizetype equals = argument.indexOf(QLatin1Char('='));
        const QString name = argument.left(equals);
        // These two take a value only after `=`, because without it they stand alone.
        if (equals > 0 && name == QLatin1String("--sandbox")) {
            options.sandbox = true;
            options.sandboxDir = argument.mid(equals + 1);
            continue;
        }
        if (equals > 0 && name == QLatin1String("--demo")) {
            if (auto ok = setDemo(options, argument.mid(equals + 1)); !ok)
                return tl::unexpected(ok.error());
            continue;
        }
        if (const auto found = switches().find(argument); found != switches().end()) {
            found->second(options);
            continue;
        }
        const auto found = valued().find(name);
        if (found == valued().end())
            return bad(QStringLiteral("%1: no such option; --help lists them").arg(argument));
        QString value;
        if (equals > 0)
            value = argument.mid(equals + 1);
        else if (i + 1 < arguments.size())
            value = arguments[++i];
        else
            return bad(QStringLiteral("%1 needs a value").arg(name));
        if (auto ok = found->second(options, value); !ok)
            return tl::unexpected(ok.error());
    }
    if (options.sandbox && options.demo)
        return bad(
            QStringLiteral("--sandbox and --demo exclude each other: the demo has a sandbox of its own"));
    if ((options.sandbox || options.demo) && !options.target.isEmpty())
        return bad(QStringLiteral("%1: a target cannot be given together with --sandbox or --demo")
                       .arg(options.target));
    if (options.probe && options.audit)
        return bad(QStringLiteral("--probe and --audit exclude each other"));
    return options;
}

QString helpText()
{
    return QStringLiteral(
        "norikv-workbench [TARGET]          norikv://host:7447,host2:7447 or the name of a saved "
        "connection;\n"
        "                                   none = as last time, at first a choice\n"
        "  --sandbox[=DIR]                  run on the built-in sandbox, data in DIR\n"
        "  --demo[=SCENARIO]                sandbox in a temporary folder with traffic: lively (default) "
        "calm races vectors\n"
        "  --panel ID                       %1\n"
        "  --open KEY                       open a key in the inspector (\\xNN for bytes that are no text)\n"
        "  --guard normal|confirm|read-only what writes need; --read-only and --confirm-writes are short for "
        "it\n"
        "  --theme light|dark|system        --config DIR: settings, profiles and data all in DIR\n"
        "  --screenshot FILE [--size WxH] [--after MS]\n"
        "                                   draw the window into a PNG and end; needs no display\n"
        "  --probe [--json]                 what the target offers; exit 0 reachable, 2 not\n"
        "  --audit [--for SECONDS] [--shard-budget N] [--json]\n"
        "                                   run every rule; exit 0 nothing, 1 something is broken, 2 could "
        "not run\n"
        "  --tls-ca F --tls-cert F --tls-key F --tls-server-name N --token-file F\n"
        "  --version --help\n")
        .arg(pageIds().join(QLatin1Char(' ')));
}

} // namespace norikv::app
