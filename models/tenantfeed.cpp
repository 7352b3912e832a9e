// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/tenantfeed.h"

#include "client/placement.h"
#include "models/text.h"

#include <QMetaMethod>

namespace norikv::models {

namespace {

using client::Bytes;
using client::Call;
using client::Result;
using client::TenantManager;

Call callFor(const std::stop_token& stop, bool consent)
{
    Call call;
    call.stop = stop;
    call.why = "tenants";
    call.consent = consent;
    return call;
}

struct TenantKeys {
    std::vector<Bytes> keys; ///< data, in byte order
    std::size_t leftOut = 0;
    client::Coverage coverage = client::Coverage::None;
};

/// Every key that belongs to this tenant alone: listed where the server can, else out of `known`.
Result<TenantKeys> keysOf(client::Store& store, const std::stop_token& stop, const Bytes& id, bool java,
    const client::TenantTally& owners, const std::set<Bytes>& known)
{
    TenantKeys out;
    const auto take = [&](const Bytes& key) {
        const auto claims = owners.owners(key);
        if (claims.size() == 1 && claims.front() == id)
            out.keys.push_back(key);
        else if (std::ranges::find(claims, id) != claims.end())
            ++out.leftOut;
    };
    std::vector<Bytes> prefixes{client::tenantPrefix(id)};
    if (java)
        prefixes.insert(prefixes.begin(), id + ":");
    for (const Bytes& prefix : prefixes) {
        client::ScanRequest request;
        request.prefix = prefix;
        request.keysOnly = true;
        Call call = callFor(stop, false);
        call.background = true;
        const auto scanned = store.scan(call, request, [&](const client::ScanBatch& batch) {
            for (const auto& entry : batch.entries)
                take(entry.key);
            out.coverage = batch.coverage;
            return !stop.stop_requested();
        });
        if (scanned)
            continue;
        if (scanned.error().kind != client::ErrorKind::Unsupported)
            return tl::unexpected(scanned.error());
        std::ranges::for_each(known, take);
        out.coverage = client::Coverage::KnownKeys;
        break;
    }
    return out;
}

} // namespace

TenantFeed::TenantFeed(
    Dispatcher& dispatcher, client::Connection& connection, const Clock& clock, QObject* parent)
    : QObject(parent)
    , m_dispatcher(dispatcher)
    , m_connection(connection)
    , m_clock(clock)
    , m_queue(std::make_shared<ChunkQueue<TenantNews>>())
{
    m_dispatcher.drain(this, m_queue, [this](std::vector<TenantNews> chunk) { take(std::move(chunk)); });
    m_follower = std::make_unique<TenantFollower>(connection, clock, m_queue);
    m_met.insert(connection.profile().counters.begin(), connection.profile().counters.end());
}

TenantFeed::~TenantFeed() = default;

void TenantFeed::take(std::vector<TenantNews> chunk)
{
    const FeedState before = m_state;
    bool moved = false;
    for (TenantNews& news : chunk) {
        for (const auto& finding : news.findings)
            Q_EMIT found(finding);
        if (news.kind == TenantNews::Kind::Lost) {
            m_state = FeedState::Failed;
            m_error = std::move(news.error);
            continue;
        }
        m_state = FeedState::Ready;
        m_coverage = news.coverage;
        m_live = news.live;
        if (news.sheet) {
            m_sheet = std::move(news.sheet);
            m_rows = std::move(news.rows);
            moved = true;
        }
    }
    if (m_selected.empty() && moved && !m_sheet->empty()) {
        // Whoever is closest to a limit is what an operator looks for.
        m_selected = std::ranges::max_element(*m_sheet, {}, [](const TenantState& tenant) {
            return tenant.pressure().value_or(-1);
        })->id();
    }
    if (m_state != before)
        Q_EMIT stateChanged();
    if (moved)
        Q_EMIT changed();
}

void TenantFeed::select(const Bytes& id)
{
    if (id == m_selected)
        return;
    m_selected = id;
    Q_EMIT changed();
}

void TenantFeed::openTenant(const Bytes& id, bool java)
{
    m_follower->name(id, java);
    select(id);
}

void TenantFeed::learn(const Bytes& key)
{
    if (m_met.insert(key).second)
        m_follower->learn(key);
}

void TenantFeed::keep(Job job)
{
    std::erase_if(m_actions, [](const Job& old) { return !old.running(); });
    m_actions.push_back(std::move(job));
}

void TenantFeed::write(QString action, const Bytes& id, Write work, QString said)
{
    const bool consent = std::exchange(m_consent, false);
    client::Store& store = m_connection.store();
    keep(m_dispatcher.run(
        this,
        [&store, &clock = m_clock, consent, work = std::move(work)](const std::stop_token& stop) {
            Call call = callFor(stop, consent);
            TenantManager manager(store, clock);
            return work(manager, call);
        },
        [this, id, action = std::move(action), said = std::move(said)](
            const Result<client::TenantRecord>& record) {
            Outcome outcome;
            outcome.action = action;
            outcome.ok = record.has_value();
            if (record) {
                outcome.text = said;
                m_follower->name(id, false);
            } else {
                const ErrorText words = errorText(record.error(), action.left(1).toLower() + action.mid(1));
                outcome.needsConsent = record.error().kind == client::ErrorKind::NeedsConsent;
                outcome.unknown = record.error().kind == client::ErrorKind::UnknownOutcome;
                outcome.text = words.what;
                outcome.remedy = words.remedy;
                m_follower->nudge();
            }
            Q_EMIT acted(outcome);
        }));
}

void TenantFeed::create(const Bytes& id, const QString& name, client::TenantPlan plan)
{
    m_repeat = [this, id, name, plan] { create(id, name, plan); };
    write(
        tr("Create tenant %1").arg(shown(id)), id,
        [id, name = name.toStdString(), plan](
            TenantManager& manager, Call& call) { return manager.create(call, id, name, plan); },
        tr("Tenant %1 was created.").arg(shown(id)));
}

void TenantFeed::changePlan(const Bytes& id, client::TenantPlan plan, const client::TenantMetadata& seen)
{
    m_repeat = [this, id, plan, seen] { changePlan(id, plan, seen); };
    const QString word = QString::fromUtf8(client::name(plan).data());
    write(
        tr("Change the plan of %1").arg(shown(id)), id,
        [id, plan, seen](TenantManager& manager, Call& call) {
            return manager.edit(call, id, client::planEdit(plan), seen);
        },
        tr("%1 is now on plan %2.").arg(shown(id), word));
}

void TenantFeed::rename(const Bytes& id, const QString& name, const client::TenantMetadata& seen)
{
    m_repeat = [this, id, name, seen] { rename(id, name, seen); };
    write(
        tr("Rename %1").arg(shown(id)), id,
        [id, name = name.toStdString(), seen](TenantManager& manager, Call& call) {
            client::TenantEdit edit;
            edit.name = name;
            return manager.edit(call, id, edit, seen);
        },
        tr("%1 is now called %2.").arg(shown(id), name));
}

void TenantFeed::repair(const Bytes& id, const client::TenantMetadata& seen)
{
    m_repeat = [this, id, seen] { repair(id, seen); };
    write(
        tr("Rewrite the metadata of %1").arg(shown(id)), id,
        [id, seen](TenantManager& manager, Call& call) {
            client::TenantEdit edit;
            edit.limits = seen.limits;
            return manager.edit(call, id, edit, seen);
        },
        tr("The metadata of %1 is valid JSON now.").arg(shown(id)));
}

void TenantFeed::repeatWithConsent()
{
    if (!m_repeat)
        return;
    m_consent = true;
    std::exchange(m_repeat, {})();
    m_consent = false;
}

std::optional<client::PlanPreview> TenantFeed::preview(const Bytes& id, client::TenantPlan plan) const
{
    const TenantState* tenant = find(id);
    if (!tenant || !tenant->reading.metadata)
        return std::nullopt;
    return client::previewPlan(*tenant->reading.metadata, tenant->usage(), plan, tenant->complete());
}

bool TenantFeed::offersBulk() const
{
    return isSignalConnected(QMetaMethod::fromSignal(&TenantFeed::bulkRequested));
}

namespace {

/// Who owns which key, as far as the sheet knows.
client::TenantTally ownersIn(const TenantSheet& sheet)
{
    client::TenantTally tally;
    for (const TenantState& tenant : sheet) {
        if (tenant.reading.java)
            tally.knowJava(tenant.id());
        else if (tenant.reading.stored)
            tally.know(tenant.id());
    }
    return tally;
}

} // namespace

void TenantFeed::requestBulk(TenantBulk::Kind kind, const Bytes& id, const Bytes& target)
{
    const TenantState* tenant = find(id);
    if (!tenant)
        return;
    client::Store& store = m_connection.store();
    m_bulkJob = m_dispatcher.run(
        this,
        [&store, sheet = m_sheet, known = m_met, id, java = tenant->reading.java](
            const std::stop_token& stop) { return keysOf(store, stop, id, java, ownersIn(*sheet), known); },
        [this, kind, id, target, stored = tenant->reading.stored.has_value()](Result<TenantKeys> found) {
            if (!found) {
                const ErrorText words = errorText(found.error(), tr("list the keys of %1").arg(shown(id)));
                Q_EMIT acted({false, false, false, tr("List keys"), words.what, words.remedy});
                return;
            }
            TenantBulk bulk{kind, id, target, {}, found->leftOut, found->coverage};
            if (stored)
                bulk.keys.push_back(client::tenantMetaKey(id));
            bulk.keys.insert(bulk.keys.end(), std::make_move_iterator(found->keys.begin()),
                std::make_move_iterator(found->keys.end()));
            Q_EMIT bulkRequested(bulk);
        });
}

void TenantFeed::compareShards(const Bytes& a, const Bytes& b)
{
    const TenantState* first = find(a);
    const TenantState* second = find(b);
    if (!first || !second)
        return;
    client::Store& store = m_connection.store();
    m_shardsJob = m_dispatcher.run(
        this,
        [&store, sheet = m_sheet, known = m_met, a, b, javaA = first->reading.java,
            javaB = second->reading.java,
            total = m_connection.profile().totalShards](const std::stop_token& stop) -> Result<ShardOverlap> {
            const auto owners = ownersIn(*sheet);
            const auto keysA = keysOf(store, stop, a, javaA, owners, known);
            if (!keysA)
                return tl::unexpected(keysA.error());
            const auto keysB = keysOf(store, stop, b, javaB, owners, known);
            if (!keysB)
                return tl::unexpected(keysB.error());
            std::map<std::uint32_t, std::pair<std::size_t, std::size_t>> shards;
            for (const Bytes& key : keysA->keys)
                ++shards[shardOf(key, total)].first;
            for (const Bytes& key : keysB->keys)
                ++shards[shardOf(key, total)].second;
            ShardOverlap out{a, b};
            for (const auto& [shard, counts] : shards) {
                out.shardsA += counts.first > 0;
                out.shardsB += counts.second > 0;
                if (counts.first > 0 && counts.second > 0) {
                    ++out.both;
                    out.keysA += counts.first;
                    out.keysB += counts.second;
                }
            }
            return out;
        },
        [this](const Result<ShardOverlap>& overlap) {
            if (overlap) {
                Q_EMIT shardsCompared(*overlap);
                return;
            }
            const ErrorText words = errorText(overlap.error(), tr("compare the shards"));
            Q_EMIT acted({false, false, false, tr("Compare shards"), words.what, words.remedy});
        });
}

} // namespace norikv::models
