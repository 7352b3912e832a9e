// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace norikv::sandbox {

/// An open server stream, as the rest of the server sees it. Methods may be called from any thread.
class Stream {
public:
    virtual ~Stream() = default;
    /// Something may have changed; `tick` = a second has passed.
    virtual void kick(bool tick) = 0;
    /// Ends it with UNAVAILABLE.
    virtual void endUnavailable(const std::string& why) = 0;
};

/// The open streams of a node. Holds them weakly: a stream belongs to itself until its client is gone.
class Streams {
public:
    void add(std::weak_ptr<Stream> stream);
    void kickAll(bool tick);
    void endAll(const std::string& why);

private:
    std::vector<std::shared_ptr<Stream>> open();

    std::mutex m_mutex;
    std::vector<std::weak_ptr<Stream>> m_streams;
};

} // namespace norikv::sandbox
