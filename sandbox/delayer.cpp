// SPDX-License-Identifier: GPL-3.0-or-later
#include "sandbox/delayer.h"

namespace norikv::sandbox {

Delayer::Delayer()
    : m_thread([this] { run(); })
{
}

Delayer::~Delayer() { stop(); }

void Delayer::after(std::chrono::milliseconds delay, Task task)
{
    {
        const std::lock_guard lock(m_mutex);
        if (!m_stopping) {
            const auto entry = m_tasks.emplace(std::chrono::steady_clock::now() + delay, std::move(task));
            if (entry == m_tasks.begin()) {
                m_wake.notify_one();
            }
            return;
        }
    }
    task();
}

void Delayer::stop()
{
    {
        const std::lock_guard lock(m_mutex);
        m_stopping = true;
        m_wake.notify_one();
    }
    if (m_thread.joinable()) {
        m_thread.join();
    }
}

void Delayer::run()
{
    std::unique_lock lock(m_mutex);
    while (!m_stopping || !m_tasks.empty()) {
        if (m_tasks.empty()) {
            m_wake.wait(lock);
            continue;
        }
        const auto due = m_tasks.begin()->first;
        if (!m_stopping && due > std::chrono::steady_clock::now()) {
            m_wake.wait_until(lock, due);
            continue;
        }
        const Task task = std::move(m_tasks.extract(m_tasks.begin()).mapped());
        lock.unlock();
        task();
        lock.lock();
    }
}

} // namespace norikv::sandbox
