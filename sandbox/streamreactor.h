// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sandbox/node.h"

#include <grpcpp/grpcpp.h>
#include <grpcpp/support/server_callback.h>

namespace norikv::sandbox {

/// A server stream that is asked for its next message whenever it may send one. It owns itself until gRPC is
/// done with it. While the node is frozen it sends nothing; when the node goes down it ends.
template <class Message> class StreamReactor : public grpc::ServerWriteReactor<Message>, public Stream {
public:
    /// Makes the stream known to the node and lets it begin; what the service hands to gRPC.
    static StreamReactor* start(std::shared_ptr<StreamReactor> stream)
    {
        auto* raw = stream.get();
        raw->m_self = stream;
        raw->m_node.streams.add(stream);
        if (raw->m_node.gate.state() == NodeState::Down) {
            raw->endUnavailable("the node is down");
        } else {
            raw->kick(false);
        }
        return raw;
    }

    void kick(bool tick) override
    {
        {
            const std::lock_guard lock(m_mutex);
            m_tick = m_tick || tick;
            if (m_active || m_ending) {
                m_again = true;
                return;
            }
            m_active = true;
        }
        produce();
    }

    void endUnavailable(const std::string& why) override
    {
        end(grpc::Status(grpc::StatusCode::UNAVAILABLE, why));
    }

    void OnWriteDone(bool ok) override
    {
        if (!ok) {
            end(grpc::Status::CANCELLED);
        }
        produce();
    }
    void OnCancel() override { end(grpc::Status::CANCELLED); }
    void OnDone() override
    {
        const auto last = std::move(m_self); // destroys this at the end of the scope
    }

protected:
    enum class Step { Write, Idle, End };

    explicit StreamReactor(Node& node)
        : m_node(node)
    {
    }

    /// Fills `message` (as it was last sent) with what is to be sent, or says that there is nothing now, or
    /// fills `status` for the end. Never called twice at once.
    virtual Step next(Message& message, bool tick, grpc::Status& status) = 0;

    Node& m_node;

private:
    void end(const grpc::Status& status)
    {
        {
            const std::lock_guard lock(m_mutex);
            if (m_ending) {
                return;
            }
            m_ending = true;
            m_status = status;
            if (m_active) {
                return; // whoever is active will see it
            }
            m_active = true;
        }
        this->Finish(status);
    }

    /// Only the holder of m_active is here.
    void produce()
    {
        while (true) {
            bool tick = false;
            {
                const std::lock_guard lock(m_mutex);
                if (m_ending) {
                    break;
                }
                tick = std::exchange(m_tick, false);
                m_again = false;
            }
            grpc::Status status;
            Step step = Step::Idle;
            if (m_node.gate.state() != NodeState::Frozen) {
                step = next(m_message, tick, status);
            }
            if (step == Step::Write) {
                this->StartWrite(&m_message);
                return;
            }
            const std::lock_guard lock(m_mutex);
            if (step == Step::End && !m_ending) {
                m_ending = true;
                m_status = status;
            }
            if (!m_ending && !m_again) {
                m_active = false;
                return;
            }
        }
        this->Finish(m_status);
    }

    std::mutex m_mutex;
    bool m_active = false; ///< a message is being made or sent, or the stream is finished
    bool m_again = false;
    bool m_tick = false;
    bool m_ending = false;
    grpc::Status m_status;
    Message m_message;
    std::shared_ptr<StreamReactor> m_self;
};

} // namespace norikv::sandbox
