// SPDX-License-Identifier: GPL-3.0-or-later
#include "serverprocess.h"

#include <nlohmann/json.hpp>

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <fcntl.h>
#include <fstream>
#include <stdexcept>
#include <thread>

namespace norikv::bench {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

namespace {

std::vector<std::string> environmentWith(const std::map<std::string, std::string>& extra)
{
    std::vector<std::string> all;
    for (char** entry = environ; *entry != nullptr; ++entry) {
        const std::string text = *entry;
        if (!extra.contains(text.substr(0, text.find('='))))
            all.push_back(text);
    }
    for (const auto& [key, value] : extra)
        all.push_back(key + "=" + value);
    return all;
}

std::vector<char*> pointers(std::vector<std::string>& texts)
{
    std::vector<char*> result;
    for (auto& text : texts)
        result.push_back(text.data());
    result.push_back(nullptr);
    return result;
}

} // namespace

TempFolder::TempFolder()
{
    std::string pattern = (std::filesystem::temp_directory_path() / "norikv-bench-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr)
        throw std::runtime_error("no temporary folder can be made at " + pattern);
    m_path = pattern;
}

TempFolder::~TempFolder()
{
    std::error_code ignored;
    std::filesystem::remove_all(m_path, ignored);
}

ChildProcess::ChildProcess(const std::vector<std::string>& command, const Options& options)
{
    // All memory is taken before the fork: between fork and exec a threaded program may only make system
    // calls.
    auto arguments = command;
    auto environment = environmentWith(options.environment);
    const auto argv = pointers(arguments);
    const auto envp = pointers(environment);
    std::array<int, 2> pipeEnds{-1, -1};
    if (options.stderrPipe && ::pipe2(pipeEnds.data(), O_CLOEXEC) != 0)
        throw std::runtime_error("no pipe for " + command.front());
    const pid_t parent = ::getpid();
    m_pid = ::fork();
    if (m_pid == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (::getppid() != parent)
            ::_exit(127);
        const int null = ::open("/dev/null", O_RDWR);
        ::dup2(null, STDIN_FILENO);
        ::dup2(null, STDOUT_FILENO);
        ::dup2(pipeEnds[1] >= 0 ? pipeEnds[1] : null, STDERR_FILENO);
        if (options.keepFd >= 0)
            ::fcntl(options.keepFd, F_SETFD, 0);
        std::signal(SIGPIPE, SIG_DFL);
        ::execve(argv[0], argv.data(), envp.data());
        ::_exit(127);
    }
    if (pipeEnds[1] >= 0)
        ::close(pipeEnds[1]);
    m_stderr = pipeEnds[0];
    if (m_pid < 0)
        throw std::runtime_error("cannot start " + command.front());
}

ChildProcess::~ChildProcess()
{
    end();
    if (m_stderr >= 0)
        ::close(m_stderr);
}

void ChildProcess::kill()
{
    if (m_pid <= 0)
        return;
    ::kill(m_pid, SIGKILL);
    while (::waitpid(m_pid, nullptr, 0) < 0 && errno == EINTR) { }
    m_pid = -1;
}

void ChildProcess::end()
{
    if (!running())
        return;
    ::kill(m_pid, SIGTERM);
    for (const auto until = steady_clock::now() + 3s; steady_clock::now() < until && running();)
        std::this_thread::sleep_for(2ms);
    kill();
}

bool ChildProcess::running()
{
    if (m_pid > 0 && ::waitpid(m_pid, nullptr, WNOHANG) != 0)
        m_pid = -1;
    return m_pid > 0;
}

std::vector<std::string> ServerProcess::sandboxCommand(const std::filesystem::path& data, int port)
{
    return {NORIKV_SANDBOX_BINARY, "--listen", "127.0.0.1:" + std::to_string(port), "--http", "127.0.0.1:0",
        "--data-dir", data.string()};
}

std::vector<std::string> ServerProcess::trivialCommand() { return {NORIKV_TRIVIAL_BINARY}; }

ServerProcess::ServerProcess(std::vector<std::string> command)
    : m_process(
        [&] {
            command.emplace_back("--port-file");
            command.push_back((m_folder.path() / "port.json").string());
            return command;
        }(),
        {})
{
    for (const auto until = steady_clock::now() + 15s; m_port == 0; std::this_thread::sleep_for(2ms)) {
        std::ifstream file(m_folder.path() / "port.json"); // appears whole, by rename
        if (file)
            m_port = nlohmann::json::parse(file).at("rpc").get<int>();
        else if (!m_process.running() || steady_clock::now() > until)
            throw std::runtime_error(command.front() + " did not start");
    }
}

} // namespace norikv::bench
