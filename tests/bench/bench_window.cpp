// SPDX-License-Identifier: GPL-3.0-or-later
// P26: from fork to the first painted window, under a display server of our own.
#include "figure.h"
#include "serverprocess.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <filesystem>

namespace norikv::bench {

namespace {

using std::chrono::steady_clock;

/// What comes through `fd` until `end` is in it, the other side closes or the time is over.
std::string readUntil(int fd, const std::string& end, std::chrono::milliseconds patience)
{
    std::string text;
    const auto until = steady_clock::now() + patience;
    while (text.find(end) == std::string::npos) {
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - steady_clock::now());
        pollfd waiting{fd, POLLIN, 0};
        if (left.count() <= 0 || ::poll(&waiting, 1, static_cast<int>(left.count())) <= 0)
            break;
        std::array<char, 256> buffer{};
        const auto got = ::read(fd, buffer.data(), buffer.size());
        if (got <= 0)
            break;
        text.append(buffer.data(), static_cast<std::size_t>(got));
    }
    return text;
}

/// An Xvfb on a display it picks itself.
class VirtualDisplay {
public:
    VirtualDisplay()
    {
        const std::filesystem::path program = "/usr/bin/Xvfb";
        if (!std::filesystem::exists(program))
            throw NotMeasured("Xvfb is not installed (Debian: apt install xvfb)");
        std::array<int, 2> ends{};
        if (::pipe2(ends.data(), O_CLOEXEC) != 0)
            throw std::runtime_error("no pipe for Xvfb");
        ChildProcess::Options options;
        options.keepFd = ends[1];
        const std::vector<std::string> command{program.string(), "-displayfd", std::to_string(ends[1]),
            "-screen", "0", "1600x1000x24", "-nolisten", "tcp",
            "-noreset"}; // it would start anew, and refuse clients meanwhile, whenever a window closes
        m_server = std::make_unique<ChildProcess>(command, options);
        ::close(ends[1]);
        const std::string number = readUntil(ends[0], "\n", std::chrono::seconds(10));
        ::close(ends[0]);
        if (number.empty() || number.back() != '\n')
            throw NotMeasured("Xvfb did not start");
        m_name.append(number, 0, number.size() - 1);
    }
    const std::string& name() const { return m_name; }

private:
    std::unique_ptr<ChildProcess> m_server;
    std::string m_name = ":";
};

class FirstPaint final : public Bench {
public:
    explicit FirstPaint(const Effort& effort)
        : m_starts(effort.count(50) / 10)
    {
        if (!std::filesystem::exists(NORIKV_WORKBENCH_BINARY))
            throw NotMeasured("norikv-workbench is not built");
        ours(); // libraries and fonts come from the disk once
        ceiling();
    }
    double ours() override
    {
        return start({NORIKV_WORKBENCH_BINARY, "--config", (m_folder.path() / "config").string()});
    }
    double ceiling() override { return start({NORIKV_BAREWINDOW_BINARY}); }

private:
    /// Median of some starts, in ms.
    double start(const std::vector<std::string>& command) const
    {
        std::vector<double> times;
        for (std::size_t i = 0; i < m_starts; ++i) {
            ChildProcess::Options options;
            options.environment = {{"DISPLAY", m_display.name()}, {"QT_QPA_PLATFORM", "xcb"},
                {"NORIKV_FIRST_PAINT", "1"}, {"WAYLAND_DISPLAY", ""}};
            options.stderrPipe = true;
            const auto begin = steady_clock::now();
            ChildProcess process(command, options);
            const auto text = readUntil(process.stderrFd(), "first-paint", std::chrono::seconds(10));
            times.push_back(std::chrono::duration<double, std::milli>(steady_clock::now() - begin).count());
            if (text.find("first-paint") == std::string::npos)
                throw std::runtime_error(
                    command.front() + " did not tell its first paint: " + text.substr(0, 200));
            process.end();
        }
        return median(std::move(times));
    }

    const std::size_t m_starts;
    VirtualDisplay m_display;
    TempFolder m_folder;
};

} // namespace

std::vector<Figure> windowFigures()
{
    return {
        {"P26", "start to first painted window vs a bare window, xcb", Better::Lower, 1.6, "ms",
            [](const Effort& effort) { return std::make_unique<FirstPaint>(effort); }},
    };
}

} // namespace norikv::bench
