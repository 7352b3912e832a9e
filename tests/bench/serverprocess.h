// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace norikv::bench {

/// A folder under the system's temporary one; removed with everything in it.
class TempFolder {
public:
    TempFolder();
    ~TempFolder();
    TempFolder(const TempFolder&) = delete;
    TempFolder& operator=(const TempFolder&) = delete;
    const std::filesystem::path& path() const { return m_path; }

private:
    std::filesystem::path m_path;
};

/// A program we started. It is ended by its process id, and dies with us whatever happens. Start it on the
/// main thread.
class ChildProcess {
public:
    struct Options {
        std::map<std::string, std::string> environment; ///< on top of ours
        int keepFd = -1; ///< stays open in the child under the same number
        bool stderrPipe = false;
    };
    ChildProcess(const std::vector<std::string>& command, const Options& options);
    ~ChildProcess();
    ChildProcess(const ChildProcess&) = delete;
    ChildProcess& operator=(const ChildProcess&) = delete;

    /// kill -9, and waits until it is gone.
    void kill();
    /// SIGTERM, then after 3 s SIGKILL.
    void end();
    bool running();
    int stderrFd() const { return m_stderr; }

private:
    pid_t m_pid = -1;
    int m_stderr = -1;
};

/// A server that tells its port in a file. The constructor returns once it listens.
class ServerProcess {
public:
    /// The real norikv-sandbox, data in `data`; port 0 = any free one.
    static std::vector<std::string> sandboxCommand(const std::filesystem::path& data, int port = 0);
    static std::vector<std::string> trivialCommand();

    /// `command` gets `--port-file FILE` appended.
    explicit ServerProcess(std::vector<std::string> command);

    int port() const { return m_port; }
    std::string address() const { return "127.0.0.1:" + std::to_string(m_port); }
    void kill() { m_process.kill(); }

private:
    TempFolder m_folder;
    ChildProcess m_process;
    int m_port = 0;
};

} // namespace norikv::bench
