// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/dispatcher.h"
#include "models/valuediff.h"

#include "client/values.h"

#include <QObject>

namespace norikv::models {

/// Two versions of one key, compared on a worker; the newest request wins. Lives on the GUI thread.
class VersionDiff final : public QObject {
    Q_OBJECT
public:
    explicit VersionDiff(Dispatcher& dispatcher, QObject* parent = nullptr);

    void compare(const client::Entry& before, const client::Entry& after, const client::DecodeWish& wish);
    const DiffLayout& diff() const { return m_diff; }

Q_SIGNALS:
    void ready();

private:
    Dispatcher& m_dispatcher;
    DiffLayout m_diff;
    Job m_job;
};

} // namespace norikv::models
