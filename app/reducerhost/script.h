// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QJSEngine>
#include <QString>

namespace norikv::reducerhost {

/// A person's reducer: the body of a function of `state` and `event` that returns the next state. State and
/// events go in and out as JSON. One thread.
class Script {
public:
    /// A larger state is refused: it would be told again and again.
    static constexpr qsizetype MostStateBytes = 4 << 20;

    Script();

    /// Every function answers what went wrong, for a person; empty = nothing.
    QString load(const QString& body);
    /// The state to go on from; "null" before the first event.
    QString begin(const QByteArray& state);
    /// `problem`: what the script says about this event; the fold goes on with the state before it.
    QString step(const QByteArray& event, QString& problem);
    /// The state as JSON. What JSON cannot say is gone from then on, so that a fold that starts here ends as
    /// one that went through here.
    QString tell(QByteArray& state);

private:
    QString call(const char* name, const QString& argument);

    QJSEngine m_engine;
    QJSValue m_driver;
};

} // namespace norikv::reducerhost
