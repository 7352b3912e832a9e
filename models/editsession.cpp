// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/editsession.h"

namespace norikv::models {

EditSession::EditSession(KeyFeed& feed, QObject* parent)
    : QObject(parent)
    , m_feed(feed)
{
}

bool EditSession::begin()
{
    const auto& entry = m_feed.entry();
    const Draft draft = entry.exists() ? m_feed.presenter().now().draft : Draft();
    if (draft.stored != entry.value)
        return false; // a newer value was read and is still being decoded
    m_key = m_feed.key();
    m_draft = draft;
    m_active = true;
    m_feed.hold(true);
    return true;
}

void EditSession::end()
{
    m_active = false;
    m_job.cancel();
    if (m_feed.key() == m_key)
        m_feed.hold(false);
}

void EditSession::merge(const client::Bytes& mine)
{
    if (!m_feed.newer())
        return;
    m_theirs = *m_feed.newer();
    if (!m_theirs.exists()) {
        Q_EMIT unmergeable();
        return;
    }
    m_job = m_feed.dispatcher().run(
        this,
        [mine, base = m_draft.text, stored = m_theirs.value, wish = m_feed.presenter().wish()](
            const std::stop_token& stop) {
            auto out = std::make_shared<Outcome>();
            const auto decoded = client::decode(stored, wish, stop);
            out->possible = editable(decoded) == NotEditable::Editable;
            if (out->possible) {
                out->theirs = draftOf(stored, decoded);
                out->merge = client::merge3(base, mine, out->theirs.text, stop);
            }
            return out;
        },
        [this](const std::shared_ptr<Outcome>& out) {
            if (!out->possible) {
                Q_EMIT unmergeable();
                return;
            }
            m_merge = std::move(out->merge);
            m_theirDraft = std::move(out->theirs);
            Q_EMIT merged();
        });
}

client::Bytes EditSession::accept(const std::vector<client::MergeSide>& sides)
{
    m_draft = m_theirDraft;
    m_feed.adopt(m_theirs);
    return m_merge.result(sides);
}

void EditSession::keepMine()
{
    if (!m_feed.newer())
        return;
    m_draft.stored.clear(); // of nothing: whatever is saved now is a change
    m_draft.text.clear();
    m_feed.adopt(*m_feed.newer());
}

void EditSession::save(const client::Bytes& text, const TtlChoice& ttl, bool asTyped, bool consent)
{
    m_feed.saveDraft(m_draft, text, ttl, asTyped, consent);
}

} // namespace norikv::models
