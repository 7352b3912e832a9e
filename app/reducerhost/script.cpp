// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/reducerhost/script.h"

#include <QJSValueList>

#include <utility>

namespace norikv::reducerhost {

namespace {

constexpr qsizetype MostMessageChars = 1000;

/// Keeps the state on the script's side and catches whatever the reducer throws, also what is no Error.
/// It keeps its own JSON: a reducer that replaces the global one harms nothing but itself.
const char* const Driver = R"js((function (reduce) {
    'use strict';
    const parse = JSON.parse, write = JSON.stringify;
    let state = null, told = 'null';
    function guarded(act) {
        try {
            return act() || '';
        } catch (e) {
            // A text or a plain Error is its word about the event; any other Error is its own fault.
            if (typeof e === 'string' || (e instanceof Error && e.constructor === Error))
                return '!' + (typeof e === 'string' ? e : e.message);
            const line = e instanceof Error && e.lineNumber > 0 ? ' (line ' + e.lineNumber + ')' : '';
            return String(e) + line || 'it threw an empty text';
        }
    }
    return {
        begin: (text) => guarded(() => { state = parse(text); }),
        step: (text) => {
            let event;
            try {
                event = parse(text);
            } catch (e) {
                return '!it is nested too deeply for a script';
            }
            if (event === null)
                return '!it cannot be read';
            return guarded(() => {
                const next = reduce(state, event);
                if (next === undefined)
                    return 'it returned nothing: end with "return state"';
                state = next;
            });
        },
        tell: () => guarded(() => {
            const text = write(state);
            if (text === undefined)
                return 'its state is a ' + typeof state + ', which is no JSON';
            state = parse(text);
            told = text;
        }),
        told: () => told
    };
}))js";

} // namespace

Script::Script() = default;

QString Script::load(const QString& body)
{
    m_driver = {};
    // On the first line, so that the lines of an error are those of the editor.
    const QJSValue reduce = m_engine.evaluate(
        QStringLiteral("(function (state, event) { 'use strict'; ") + body + QStringLiteral("\n})"));
    if (reduce.isError())
        return QStringLiteral("%1 (line %2)")
            .arg(reduce.toString(), reduce.property(QStringLiteral("lineNumber")).toString());
    if (!reduce.isCallable())
        return QStringLiteral("it is not the body of one function");
    m_driver = m_engine.evaluate(QString::fromLatin1(Driver)).call({reduce});
    return {};
}

QString Script::begin(const QByteArray& state) { return call("begin", QString::fromUtf8(state)); }

QString Script::step(const QByteArray& event, QString& problem)
{
    QString wrong = call("step", QString::fromUtf8(event));
    problem = wrong.startsWith(QLatin1Char('!')) ? std::exchange(wrong, {}).mid(1) : QString();
    return wrong;
}

QString Script::tell(QByteArray& state)
{
    const QString wrong = call("tell", {});
    if (!wrong.isEmpty())
        return wrong;
    state = m_driver.property(QStringLiteral("told")).call().toString().toUtf8();
    if (state.size() > MostStateBytes)
        return QStringLiteral("its state has grown beyond 4 MB");
    return {};
}

QString Script::call(const char* name, const QString& argument)
{
    if (!m_driver.isObject())
        return QStringLiteral("there is no reducer");
    const QJSValue answer = m_driver.property(QString::fromLatin1(name)).call({argument});
    return answer.toString().left(MostMessageChars);
}

} // namespace norikv::reducerhost
