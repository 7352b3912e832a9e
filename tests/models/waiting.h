// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractItemModelTester>
#include <QCoreApplication>
#include <QElapsedTimer>
#include <QTimer>

#include <gtest/gtest.h>

#include <functional>

namespace norikv::test {

/// Spins the event loop until `condition` holds; false when that takes longer than `timeoutMs`.
inline bool waitFor(const std::function<bool()>& condition, int timeoutMs = 10'000)
{
    QElapsedTimer since;
    since.start();
    QTimer wake; // the loop must turn even when nothing else happens
    wake.start(2);
    while (!condition()) {
        if (since.elapsed() > timeoutMs)
            return false;
        QCoreApplication::processEvents(QEventLoop::AllEvents | QEventLoop::WaitForMoreEvents);
    }
    return true;
}

/// Lets the event loop run for a while: to see that something does not happen.
inline void spin(int ms)
{
    waitFor([] { return false; }, ms);
}

/// Watches a model; whatever breaks the rules of item models fails the test. One at a time.
class ModelWatch {
public:
    explicit ModelWatch(QAbstractItemModel* model)
        : m_before(qInstallMessageHandler(&ModelWatch::message))
        , m_tester(model, QAbstractItemModelTester::FailureReportingMode::Warning)
    {
    }
    ~ModelWatch() { qInstallMessageHandler(m_before); }
    ModelWatch(const ModelWatch&) = delete;
    ModelWatch& operator=(const ModelWatch&) = delete;

private:
    static void message(QtMsgType, const QMessageLogContext& context, const QString& text)
    {
        const QLatin1String category(context.category ? context.category : "");
        if (category == QLatin1String("qt.modeltest"))
            ADD_FAILURE() << text.toStdString();
        else
            std::fprintf(stderr, "%s\n", qPrintable(text));
    }

    QtMessageHandler m_before;
    QAbstractItemModelTester m_tester;
};

} // namespace norikv::test
