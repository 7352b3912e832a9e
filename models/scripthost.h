// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/result.h"

#include <sys/types.h>

#include <chrono>
#include <memory>
#include <stop_token>
#include <string>

namespace norikv::models {

/// The process that runs a person's script (app/reducerhost), spoken to in lines. It may loop, die or talk
/// without end: whatever it does is a value here, soon. One thread at a time, any thread. Errors are BadData
/// where the script is to blame, LocalFile where the program could not be started.
class ScriptHost {
public:
    static constexpr std::size_t MostLineBytes = 8U << 20;

    static client::Result<std::unique_ptr<ScriptHost>> start(const std::string& program);
    ~ScriptHost(); ///< ends the process
    ScriptHost(const ScriptHost&) = delete;

    /// Goes out while line() waits.
    void send(std::string_view text) { m_out += text; }
    /// The next line the process says, without its end. BadData when it works for that long without a word
    /// or waits eight times as long, died, or says a line without end; Cancelled soon after `stop`. After an
    /// error the process is of no more use.
    client::Result<std::string> line(std::chrono::milliseconds silence, const std::stop_token& stop);

private:
    ScriptHost(pid_t pid, int socket)
        : m_pid(pid)
        , m_socket(socket)
    {
    }
    bool write();
    client::Error died();

    pid_t m_pid;
    int m_socket;
    std::string m_out;
    std::string m_in;
    std::size_t m_searched = 0; ///< of m_in, without a line's end so far
};

} // namespace norikv::models
