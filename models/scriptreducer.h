// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/patterns/reducer.h"

#include <chrono>
#include <memory>
#include <mutex>
#include <string>

namespace norikv::models {

class ScriptHost;

/// A reducer of a person's own few lines of JavaScript: the body of a function of `state` (null at first) and
/// `event` ({id, aggregateId, type, data, timestamp, version}) that returns the next state. A thrown text or
/// plain Error says that the event breaks a rule; the fold goes on without it. Runs in a process of its own
/// (app/reducerhost), started when first needed and ended when it says nothing for a while; any failure of
/// the script is an error with a sentence, never a hang. Any thread; several take turns.
class ScriptReducer final : public client::Reducer {
public:
    struct Host {
        std::string program; ///< full path of norikv-reducerhost
        std::chrono::milliseconds silence{250}; ///< after this long without a word the process is ended
    };
    ScriptReducer(Host host, std::string script);
    ~ScriptReducer() override;

    std::string_view name() const override { return "script"; }
    const std::string& script() const { return m_script; }
    client::FoldState start(std::string_view aggregate) const override;
    client::Result<void> fold(client::FoldState& state, std::span<const client::EventPtr> events,
        const client::ProblemSink& problem, const std::stop_token& stop) const override;
    /// Reads the script without folding anything: its first mistake, with its line.
    client::Result<void> check(const std::stop_token& stop = {}) const;

private:
    client::Result<void> ready(const std::stop_token& stop) const;
    client::Result<void> foldSome(std::string& state, std::span<const client::EventPtr> events,
        std::size_t before, const client::ProblemSink& problem, const std::stop_token& stop) const;

    const Host m_host;
    const std::string m_script;
    mutable std::mutex m_mutex;
    mutable std::unique_ptr<ScriptHost> m_process; ///< with the script loaded, or null
    mutable std::int64_t m_id = 0; ///< of the last request
};

} // namespace norikv::models
