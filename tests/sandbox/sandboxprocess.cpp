// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/sandbox/sandboxprocess.h"

#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>

namespace norikv::tests {

TempFolder::TempFolder()
{
    std::string name = (std::filesystem::temp_directory_path() / "norikv-test-XXXXXX").string();
    m_path = ::mkdtemp(name.data());
}

TempFolder::~TempFolder()
{
    std::error_code ignored;
    std::filesystem::remove_all(m_path, ignored);
}

SandboxProcess::SandboxProcess(const std::string& binary, std::vector<std::string> arguments,
    const std::vector<std::string>& environment)
{
    std::array<int, 2> out{};
    std::array<int, 2> err{};
    if (::pipe(out.data()) != 0 || ::pipe(err.data()) != 0) {
        return;
    }
    std::vector<char*> argv{const_cast<char*>(binary.c_str())};
    for (auto& argument : arguments) {
        argv.push_back(argument.data());
    }
    argv.push_back(nullptr);
    m_pid = ::fork();
    if (m_pid == 0) {
        ::dup2(out[1], STDOUT_FILENO);
        ::dup2(err[1], STDERR_FILENO);
        for (const int fd : {out[0], out[1], err[0], err[1]}) {
            ::close(fd);
        }
        for (const auto& entry : environment) {
            ::putenv(const_cast<char*>(entry.c_str()));
        }
        ::execv(binary.c_str(), argv.data());
        ::_exit(127);
    }
    ::close(out[1]);
    ::close(err[1]);
    m_out = out[0];
    m_err = err[0];
    readUntilReady();
}

SandboxProcess::~SandboxProcess()
{
    if (!m_exit) {
        signal(SIGKILL);
        wait();
    }
}

void SandboxProcess::readUntilReady()
{
    // One line per node, then "ready"; the pipe ends when the program does.
    std::FILE* lines = ::fdopen(::dup(m_out), "r");
    std::array<char, 512> line{};
    std::vector<Ports> ports;
    while (std::fgets(line.data(), line.size(), lines) != nullptr) {
        Ports found;
        if (std::sscanf(line.data(), "%*s gRPC port %d, HTTP port %d", &found.rpc, &found.http) == 2) {
            ports.push_back(found);
        } else if (std::string(line.data()) == "ready\n") {
            m_ports = ports;
            break;
        }
    }
    std::fclose(lines);
}

void SandboxProcess::signal(int number) const
{
    if (m_pid > 0 && !m_exit) {
        ::kill(m_pid, number);
    }
}

int SandboxProcess::wait()
{
    if (m_exit) {
        return *m_exit;
    }
    std::array<char, 4096> text{};
    for (ssize_t count = 0; (count = ::read(m_err, text.data(), text.size())) > 0;) {
        m_errors.append(text.data(), static_cast<std::size_t>(count));
    }
    int status = 0;
    ::waitpid(m_pid, &status, 0);
    ::close(m_out);
    ::close(m_err);
    m_exit = WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
    return *m_exit;
}

} // namespace norikv::tests
