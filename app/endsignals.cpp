// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/endsignals.h"

#include <QCoreApplication>
#include <QSocketNotifier>

#include <csignal>
#include <cstdint>
#include <sys/eventfd.h>
#include <unistd.h>

namespace norikv::app {

namespace {

// A signal handler may only touch such a thing; the event loop does the rest.
volatile int wakeUp = -1;

void onSignal(int)
{
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(wakeUp, &one, sizeof one);
}

} // namespace

EndSignals::EndSignals(QObject* parent)
    : QObject(parent)
{
    wakeUp = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (wakeUp < 0)
        return;
    m_notifier = new QSocketNotifier(wakeUp, QSocketNotifier::Read, this);
    connect(m_notifier, &QSocketNotifier::activated, this, [] { QCoreApplication::quit(); });
    std::signal(SIGTERM, onSignal);
    std::signal(SIGINT, onSignal);
}

EndSignals::~EndSignals()
{
    std::signal(SIGTERM, SIG_DFL);
    std::signal(SIGINT, SIG_DFL);
    if (wakeUp >= 0)
        ::close(wakeUp);
    wakeUp = -1;
}

} // namespace norikv::app
