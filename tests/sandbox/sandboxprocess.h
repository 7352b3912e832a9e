// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace norikv::tests {

/// A folder that goes when the object goes.
class TempFolder {
public:
    TempFolder();
    ~TempFolder();
    TempFolder(const TempFolder&) = delete;
    TempFolder& operator=(const TempFolder&) = delete;
    const std::filesystem::path& path() const { return m_path; }
    std::string operator/(const std::string& name) const { return (m_path / name).string(); }

private:
    std::filesystem::path m_path;
};

/// The real sandbox program as a child process; killed when the object goes.
class SandboxProcess {
public:
    struct Ports {
        int rpc = 0;
        int http = 0;
    };

    /// Runs the program at `binary` with these arguments and waits until it is ready or has ended.
    SandboxProcess(const std::string& binary, std::vector<std::string> arguments,
        const std::vector<std::string>& environment = {});
    ~SandboxProcess();
    SandboxProcess(const SandboxProcess&) = delete;
    SandboxProcess& operator=(const SandboxProcess&) = delete;

    bool ready() const { return !m_ports.empty(); }
    /// Of each node, once ready.
    const std::vector<Ports>& ports() const { return m_ports; }
    pid_t pid() const { return m_pid; }
    void signal(int number) const;
    /// Waits for its end; the exit code, or minus the signal that killed it.
    int wait();
    /// Everything it said on stderr; after wait().
    const std::string& errors() const { return m_errors; }

private:
    void readUntilReady();

    pid_t m_pid = -1;
    int m_out = -1;
    int m_err = -1;
    std::optional<int> m_exit;
    std::vector<Ports> m_ports;
    std::string m_errors;
};

} // namespace norikv::tests
