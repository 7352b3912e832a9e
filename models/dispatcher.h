// SPDX-License-Identifier: GPL-3.0-or-later
// The only file of the program that crosses threads towards the GUI.
#pragma once

#include "client/workerpool.h"

#include <QObject>
#include <QPointer>
#include <QTimer>

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <stop_token>
#include <type_traits>
#include <utility>
#include <vector>

namespace norikv::models {

/// A running operation. Dropping it cancels the work and silences its result; assigning a new one to the same
/// member means the newest wins. Lives on the GUI thread.
class Job {
public:
    Job() = default;
    Job(Job&&) noexcept = default;
    Job& operator=(Job&& other) noexcept
    {
        cancel();
        m_state = std::move(other.m_state);
        return *this;
    }
    ~Job() { cancel(); }

    void cancel()
    {
        if (m_state) {
            m_state->silenced = true;
            m_state->stop.request_stop();
            m_state.reset();
        }
    }
    /// True until the result was delivered or the job was cancelled.
    bool running() const { return m_state && !m_state->delivered; }

private:
    friend class Dispatcher;
    struct State {
        std::stop_source stop;
        bool silenced = false; ///< GUI thread only
        bool delivered = false; ///< GUI thread only
    };
    std::shared_ptr<State> m_state;
};

/// Finished chunks on their way from any thread to the GUI thread. Bounded: push() waits while `limit` chunks
/// are not taken yet, so a fast producer cannot grow memory; it returns false once the queue is closed.
template <class T> class ChunkQueue {
public:
    explicit ChunkQueue(std::size_t limit = 64)
        : m_limit(limit)
    {
    }

    bool push(std::vector<T> chunk, const std::stop_token& stop = {})
    {
        {
            std::unique_lock lock(m_mutex);
            if (!m_space.wait(lock, stop, [this] { return m_chunks.size() < m_limit || m_closed; })
                || m_closed)
                return false;
            m_chunks.push_back(std::move(chunk));
        }
        if (m_wake)
            m_wake();
        return true;
    }
    std::deque<std::vector<T>> take()
    {
        std::deque<std::vector<T>> chunks;
        {
            const std::scoped_lock lock(m_mutex);
            chunks.swap(m_chunks);
        }
        m_space.notify_all();
        return chunks;
    }
    void close()
    {
        {
            const std::scoped_lock lock(m_mutex);
            m_closed = true;
        }
        m_space.notify_all();
    }

private:
    friend class Dispatcher;
    const std::size_t m_limit;
    std::mutex m_mutex;
    std::condition_variable_any m_space;
    std::deque<std::vector<T>> m_chunks;
    bool m_closed = false;
    std::function<void()> m_wake; ///< set once by Dispatcher::drain before the first push
};

/// Carries work off the GUI thread and results back onto it. Two ways only: run() for one result, drain() for
/// streams of chunks. Nothing is delivered to a dead receiver. Lives on the GUI thread; outlives its
/// receivers' jobs.
class Dispatcher final : public QObject {
    Q_OBJECT
public:
    explicit Dispatcher(std::size_t threads = 8, QObject* parent = nullptr);
    ~Dispatcher() override;

    /// Runs `work(std::stop_token)` on a worker and then `done(result)` on the GUI thread, unless the Job was
    /// dropped or `receiver` died before.
    template <class Work, class Done> [[nodiscard]] Job run(QObject* receiver, Work work, Done done)
    {
        using T = std::invoke_result_t<Work, std::stop_token>;
        Job job;
        job.m_state = std::make_shared<Job::State>();
        // The pointer is made and read on the GUI thread; on the worker it is only carried.
        auto guard = std::make_shared<QPointer<QObject>>(receiver);
        auto finish = std::make_shared<Done>(std::move(done));
        m_pool.submit([this, state = job.m_state, guard, finish,
                          work = std::make_shared<Work>(std::move(work))]() mutable {
            auto result = std::make_shared<T>((*work)(state->stop.get_token()));
            work.reset();
            post([state = std::move(state), guard = std::move(guard), finish = std::move(finish), result] {
                if (state->silenced || guard->isNull())
                    return;
                state->delivered = true;
                (*finish)(std::move(*result));
            });
        });
        return job;
    }

    /// Hands every chunk pushed to `queue` to `take` on the GUI thread, collected at most every 16 ms. The
    /// queue must live as long as its producers; close it before they are joined.
    template <class T, class Take>
    void drain(QObject* receiver, const std::shared_ptr<ChunkQueue<T>>& queue, Take take)
    {
        auto pending = std::make_shared<std::atomic<bool>>(false);
        auto timer = new QTimer(receiver);
        timer->setSingleShot(true);
        timer->setTimerType(Qt::PreciseTimer);
        timer->setInterval(16);
        connect(timer, &QTimer::timeout, receiver, [queue, pending, take = std::move(take)] {
            pending->store(false);
            for (auto& chunk : queue->take())
                take(std::move(chunk));
        });
        auto guard = std::make_shared<QPointer<QTimer>>(timer);
        queue->m_wake = [this, pending, guard] {
            // One wake-up however many chunks come before the timer fires.
            if (pending->exchange(true))
                return;
            post([guard] {
                if (!guard->isNull())
                    (*guard)->start();
            });
        };
    }

    /// Runs `call` on the GUI thread soon. Safe from any thread.
    void post(std::function<void()> call);

private:
    client::WorkerPool m_pool;
};

} // namespace norikv::models
