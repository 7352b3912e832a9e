// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/patterns/tenant.h"

#include <QObject>

#include <optional>

namespace norikv::models {

/// "Work as tenant X": while set, lists and new keys are meant to stay inside the tenant's prefix. One per
/// connection; GUI thread.
class Lens final : public QObject {
    Q_OBJECT
public:
    using QObject::QObject;

    const std::optional<client::Bytes>& tenant() const { return m_tenant; }
    /// `tenant:<id>:`, or empty while no lens is on.
    client::Bytes prefix() const { return m_tenant ? client::tenantPrefix(*m_tenant) : client::Bytes(); }
    void set(std::optional<client::Bytes> tenant)
    {
        if (tenant == m_tenant)
            return;
        m_tenant = std::move(tenant);
        Q_EMIT changed();
    }

Q_SIGNALS:
    void changed();

private:
    std::optional<client::Bytes> m_tenant;
};

} // namespace norikv::models
