// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/e2e/waiting.h"

#include <QApplication>
#include <QTimer>

namespace norikv::tests {

bool waitFor(const Condition& done, std::chrono::milliseconds limit)
{
    const Stopwatch watch;
    while (!done()) {
        if (watch.elapsed() >= limit)
            return false;
        QTimer look;
        QObject::connect(&look, &QTimer::timeout, &look, [&] {
            if (done() || watch.elapsed() >= limit)
                QCoreApplication::exit();
        });
        look.start(5ms);
        // The same loop as the program's own; a window that closes may end it early, hence the outer one.
        QApplication::exec();
    }
    return true;
}

} // namespace norikv::tests
