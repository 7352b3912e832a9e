// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/keycompare.h"

#include "models/text.h"

namespace norikv::models {

KeyCompare::KeyCompare(Dispatcher& dispatcher, client::Connection& connection, QObject* parent)
    : QObject(parent)
    , m_dispatcher(dispatcher)
    , m_connection(connection)
{
}

void KeyCompare::compare(const client::Bytes& left, const client::Bytes& right)
{
    m_state = State::Loading;
    Q_EMIT changed();
    client::Store& store = m_connection.store();
    m_job = m_dispatcher.run(
        this,
        [&store, left, right](const std::stop_token& stop) {
            auto out = std::make_shared<Outcome>();
            const auto read = [&](const client::Bytes& key, client::Entry& into) {
                client::Call call;
                call.stop = stop;
                call.why = "compare";
                auto entry = store.get(call, key);
                if (!entry) {
                    out->error = entry.error();
                    out->failed = key;
                    return false;
                }
                into = std::move(*entry);
                return true;
            };
            if (read(left, out->left) && read(right, out->right)) {
                out->diff = diffValues(client::decode(out->left.value, {}, stop),
                    client::decode(out->right.value, {}, stop), true, stop);
                out->left.value.clear();
                out->right.value.clear();
            }
            return out;
        },
        [this](const std::shared_ptr<Outcome>& out) {
            m_state = out->error ? State::Failed : State::Ready;
            if (out->error)
                m_error = errorText(*out->error, tr("read %1").arg(shown(out->failed)));
            m_left = std::move(out->left);
            m_right = std::move(out->right);
            m_diff = std::move(out->diff);
            Q_EMIT changed();
        });
}

} // namespace norikv::models
