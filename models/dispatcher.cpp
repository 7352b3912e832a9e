// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/dispatcher.h"

namespace norikv::models {

Dispatcher::Dispatcher(std::size_t threads, QObject* parent)
    : QObject(parent)
    , m_pool(threads)
{
}

Dispatcher::~Dispatcher() = default;

void Dispatcher::post(std::function<void()> call)
{
    QMetaObject::invokeMethod(this, std::move(call), Qt::QueuedConnection);
}

} // namespace norikv::models
