// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/patterns/tenant.h"

#include <QObject>

#include <optional>

namespace norikv::models {

/// "Work as tenant X": while set, the list of keys, what is opened by name, import, export and new keys stay
/// inside the tenant's prefix. One per connection; GUI thread.
class Lens final : public QObject {
    Q_OBJECT
public:
    using QObject::QObject;

    const std::optional<client::Bytes>& tenant() const { return m_tenant; }
    /// `tenant:<id>:`, or empty while no lens is on.
    client::Bytes prefix() const { return m_tenant ? client::tenantPrefix(*m_tenant) : client::Bytes(); }
    /// What a name typed by a person means: inside the prefix, also where the prefix was not typed.
    client::Bytes inside(const client::Bytes& name) const
    {
        return name.starts_with(prefix()) ? name : prefix() + name;
    }
    /// The tenant's own keys and its metadata; every key while no lens is on.
    bool covers(const client::Bytes& key) const
    {
        return key.starts_with(prefix()) || (m_tenant && key == client::tenantMetaKey(*m_tenant));
    }
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
