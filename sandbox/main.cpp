// SPDX-License-Identifier: GPL-3.0-or-later
// norikv-sandbox: starts a server, says where, waits for SIGTERM or SIGINT, ends it.
#include "sandbox/server.h"

#include <sys/stat.h>

#include <csignal>
#include <cstdlib>
#include <iostream>

#ifndef NORIKV_VERSION
#define NORIKV_VERSION "unknown"
#endif

namespace {

int run(const norikv::sandbox::Config& config, const sigset_t& stopSignals)
{
    const norikv::SystemClock clock;
    const auto server = norikv::sandbox::Server::start(config, clock);
    if (!server) {
        std::cerr << "norikv-sandbox: " << server.error() << '\n';
        return 1;
    }
    for (const auto& warning : (*server)->warnings()) {
        std::cerr << "norikv-sandbox: " << warning << '\n';
    }
    for (const auto& node : (*server)->nodes()) {
        std::cout << node.id << " gRPC port " << node.rpc << ", HTTP port " << node.http << '\n';
    }
    std::cout << "ready" << std::endl;
    int signal = 0;
    sigwait(&stopSignals, &signal);
    (*server)->shutdown();
    return 0;
}

} // namespace

int main(int argc, char** argv)
{
    const auto line = norikv::sandbox::CommandLine::parse({argv + 1, argv + argc}, std::getenv);
    if (!line) {
        std::cerr << "norikv-sandbox: " << line.error() << '\n';
        return 1;
    }
    if (line->help || line->version) {
        std::cout << (line->help ? norikv::sandbox::CommandLine::helpText()
                                 : "norikv-sandbox " NORIKV_VERSION "\n");
        return 0;
    }
    // Blocked before any thread begins, so that all inherit it and only sigwait sees them.
    sigset_t stopSignals;
    sigemptyset(&stopSignals);
    sigaddset(&stopSignals, SIGTERM);
    sigaddset(&stopSignals, SIGINT);
    pthread_sigmask(SIG_BLOCK, &stopSignals, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGXFSZ, SIG_IGN); // a file size limit is a failed write, not the end
    umask(S_IRWXG | S_IRWXO);
    ::setenv("GRPC_VERBOSITY", "NONE", 0); // what matters is said in our own sentence
    return run(line->config, stopSignals);
}
