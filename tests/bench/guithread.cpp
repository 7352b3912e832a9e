// SPDX-License-Identifier: GPL-3.0-or-later
#include "guithread.h"

#include <QEventLoop>
#include <QTimer>

#include <malloc.h>
#include <time.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <stdexcept>

namespace norikv::bench {

namespace {

using std::chrono::steady_clock;

/// Beats every millisecond while it lives, and notes how late each beat was.
class Heart {
public:
    Heart()
    {
        m_beat.setTimerType(Qt::PreciseTimer);
        QObject::connect(&m_beat, &QTimer::timeout, [this] {
            const auto now = steady_clock::now();
            late.push_back(
                std::max(0.0, std::chrono::duration<double, std::milli>(now - m_last).count() - 1));
            m_last = now;
        });
        m_beat.start(1);
    }
    std::vector<double> late;

private:
    QTimer m_beat;
    steady_clock::time_point m_last = steady_clock::now();
};

} // namespace

double threadCpuMs()
{
    timespec time{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) * 1000 + static_cast<double>(time.tv_nsec) / 1e6;
}

void spin(double seconds)
{
    QEventLoop loop;
    QTimer::singleShot(
        std::chrono::milliseconds(std::lround(seconds * 1000)), Qt::PreciseTimer, &loop, &QEventLoop::quit);
    loop.exec();
}

void spinUntil(const std::function<bool()>& done)
{
    QEventLoop loop;
    QTimer wake; // the condition may come true without an event
    wake.start(5);
    const auto begin = steady_clock::now();
    while (!done()) {
        if (steady_clock::now() - begin > std::chrono::minutes(1))
            throw std::runtime_error("what was waited for did not come within a minute");
        loop.processEvents(QEventLoop::AllEvents | QEventLoop::WaitForMoreEvents);
    }
}

std::vector<double> stalls(double seconds)
{
    Heart heart;
    spin(seconds);
    return std::move(heart.late);
}

std::vector<double> stallsUntil(const std::function<bool()>& done)
{
    Heart heart;
    spinUntil(done);
    return std::move(heart.late);
}

double heapInUse()
{
    const auto info = ::mallinfo2();
    return static_cast<double>(info.uordblks + info.hblkhd);
}

} // namespace norikv::bench
