// SPDX-License-Identifier: GPL-3.0-or-later
#include "sandbox/exploreservice.h"

#include "sandbox/limits.h"
#include "sandbox/streamreactor.h"

namespace norikv::sandbox {

namespace {

namespace ev1 = explore::v1;

std::uint64_t serverTime(const Node& node)
{
    return static_cast<std::uint64_t>(node.shared.engine.clock().nowMs());
}

void fillEntry(
    ev1::Entry& entry, std::string_view key, std::string_view value, const RecordMeta& meta, bool keysOnly)
{
    entry.set_key(key.data(), key.size());
    if (!keysOnly) {
        entry.set_value(value.data(), value.size());
    }
    entry.mutable_version()->set_index(meta.index);
    entry.set_expires_at_ms(static_cast<std::uint64_t>(meta.expiresAtMs));
    entry.set_value_size(static_cast<std::uint32_t>(value.size()));
}

class ScanStream final : public StreamReactor<ev1::ScanBatch> {
public:
    ScanStream(Node& node, const ev1::ScanRequest& request)
        : StreamReactor(node)
        , m_request(request)
    {
    }

private:
    Step next(ev1::ScanBatch& batch, bool, grpc::Status& status) override
    {
        if (m_last) {
            return Step::End;
        }
        if (!m_scan) {
            m_scan = m_node.shared.engine.scan(m_request.prefix(), m_request.start_after());
        }
        batch.clear_entries(); // keeps the entries' memory for the next ones
        std::size_t bytes = 0;
        while (m_scan->valid() && !full() && batch.entries_size() < batchEntries && bytes < batchBytes) {
            const auto& row = m_scan->row();
            fillEntry(*batch.add_entries(), row.key, row.value, row.meta, m_request.keys_only());
            bytes += row.key.size() + (m_request.keys_only() ? 0 : row.value.size());
            ++m_sent;
            m_scan->next();
        }
        if (const auto read = m_scan->status(); !read) {
            status = {grpc::StatusCode::INTERNAL, "Scan failed: " + read.error()};
            return Step::End;
        }
        m_last = full() || !m_scan->valid();
        batch.set_last(m_last);
        batch.set_revision(m_scan->revision());
        batch.set_server_time_ms(serverTime(m_node));
        batch.set_coverage(ev1::COVERAGE_COMPLETE);
        return Step::Write;
    }

    bool full() const { return m_request.limit() != 0 && m_sent >= m_request.limit(); }

    const ev1::ScanRequest m_request;
    std::unique_ptr<class Scan> m_scan;
    std::uint64_t m_sent = 0;
    bool m_last = false;
};

ev1::Event::Kind kindOf(Event::Kind kind)
{
    switch (kind) {
    case Event::Kind::Put:
        return ev1::Event::PUT;
    case Event::Kind::Delete:
        return ev1::Event::DELETE;
    case Event::Kind::Expire:
        return ev1::Event::EXPIRE;
    }
    return ev1::Event::KIND_UNSPECIFIED;
}

class WatchStream final : public StreamReactor<ev1::WatchBatch> {
public:
    WatchStream(Node& node, const ev1::WatchRequest& request)
        : StreamReactor(node)
        , m_request(request)
        , m_revision(request.after_revision() != 0 ? request.after_revision() : history().last())
    {
    }

private:
    Step next(ev1::WatchBatch& batch, bool tick, grpc::Status& status) override
    {
        auto page = history().after(m_revision, m_request.prefix());
        while (!page.gone && page.events.empty() && page.upTo != m_revision) { // others' keys only: look on
            m_revision = page.upTo;
            page = history().after(m_revision, m_request.prefix());
        }
        if (page.gone) {
            status = {grpc::StatusCode::OUT_OF_RANGE,
                "Revision " + std::to_string(m_revision) + " is gone; oldest is "
                    + std::to_string(page.oldest)};
            return Step::End;
        }
        m_revision = page.upTo;
        if (page.events.empty() && !tick) {
            return Step::Idle;
        }
        batch.clear_events();
        for (const auto& event : page.events) {
            auto* out = batch.add_events();
            out->set_kind(kindOf(event->kind));
            out->set_revision(event->revision);
            fillEntry(*out->mutable_entry(), event->key, event->value, event->meta, m_request.keys_only());
        }
        batch.set_revision(m_revision);
        batch.set_server_time_ms(serverTime(m_node));
        return Step::Write;
    }

    const History& history() const { return m_node.shared.engine.history(); }

    const ev1::WatchRequest m_request;
    std::uint64_t m_revision; ///< everything up to here has been sent
};

v1::DistanceFunction distanceOf(client::Distance distance)
{
    switch (distance) {
    case client::Distance::Euclidean:
        return v1::DISTANCE_FUNCTION_EUCLIDEAN;
    case client::Distance::Cosine:
        return v1::DISTANCE_FUNCTION_COSINE;
    case client::Distance::InnerProduct:
        return v1::DISTANCE_FUNCTION_INNER_PRODUCT;
    }
    return v1::DISTANCE_FUNCTION_UNSPECIFIED;
}

grpc::Status noVectors() { return {grpc::StatusCode::UNIMPLEMENTED, ""}; }

class VectorIdStream final : public StreamReactor<ev1::ListVectorIdsBatch> {
public:
    VectorIdStream(Node& node, const ev1::ListVectorIdsRequest& request)
        : StreamReactor(node)
        , m_request(request)
    {
    }

private:
    Step next(ev1::ListVectorIdsBatch& batch, bool, grpc::Status& status) override
    {
        if (m_last) {
            return Step::End;
        }
        if (!m_ids) {
            status = open();
            if (!status.ok()) {
                return Step::End;
            }
        }
        batch.clear_ids();
        for (; m_ids->valid() && !full() && batch.ids_size() < batchEntries; ++m_sent, m_ids->next()) {
            const auto id = m_ids->id();
            batch.add_ids(id.data(), id.size());
        }
        if (const auto read = m_ids->status(); !read) {
            status = {grpc::StatusCode::INTERNAL, "ListVectorIds failed: " + read.error()};
            return Step::End;
        }
        m_last = full() || !m_ids->valid();
        batch.set_last(m_last);
        return Step::Write;
    }

    grpc::Status open()
    {
        if (!m_node.shared.vector) {
            return noVectors();
        }
        const auto& vectors = m_node.shared.engine.vectors();
        const auto index = vectors.find(m_request.namespace_());
        if (!index.vectors) {
            return {
                grpc::StatusCode::NOT_FOUND, "Vector namespace '" + m_request.namespace_() + "' not found"};
        }
        m_ids = vectors.ids(index, m_request.start_after());
        return grpc::Status::OK;
    }
    bool full() const { return m_request.limit() != 0 && m_sent >= m_request.limit(); }

    const ev1::ListVectorIdsRequest m_request;
    std::unique_ptr<VectorIds> m_ids;
    std::uint64_t m_sent = 0;
    bool m_last = false;
};

} // namespace

grpc::ServerUnaryReactor* ExploreService::ListVectorIndexes(grpc::CallbackServerContext* context,
    const ev1::ListVectorIndexesRequest*, ev1::ListVectorIndexesResponse* response)
{
    auto* reactor = context->DefaultReactor();
    m_node.gate.pass([this, reactor, response](bool up) {
        if (!up) {
            reactor->Finish({grpc::StatusCode::UNAVAILABLE, "the node is down"});
            return;
        }
        if (!m_node.shared.vector) {
            reactor->Finish(noVectors());
            return;
        }
        for (const auto& [name, index] : m_node.shared.engine.vectors().all()) {
            const auto& parameters = index.vectors->parameters();
            auto& info = *response->add_indexes();
            info.set_namespace_(name);
            info.set_dimensions(parameters.dimensions);
            info.set_distance(distanceOf(parameters.distance));
            info.set_index_type(parameters.type == client::IndexType::Hnsw
                    ? v1::VECTOR_INDEX_TYPE_HNSW
                    : v1::VECTOR_INDEX_TYPE_BRUTE_FORCE);
            info.set_count(index.vectors->size());
        }
        reactor->Finish(grpc::Status::OK);
    });
    return reactor;
}

grpc::ServerWriteReactor<ev1::ListVectorIdsBatch>* ExploreService::ListVectorIds(
    grpc::CallbackServerContext*, const ev1::ListVectorIdsRequest* request)
{
    return VectorIdStream::start(std::make_shared<VectorIdStream>(m_node, *request));
}

grpc::ServerWriteReactor<ev1::ScanBatch>* ExploreService::Scan(
    grpc::CallbackServerContext*, const ev1::ScanRequest* request)
{
    return ScanStream::start(std::make_shared<ScanStream>(m_node, *request));
}

grpc::ServerWriteReactor<ev1::WatchBatch>* ExploreService::Watch(
    grpc::CallbackServerContext*, const ev1::WatchRequest* request)
{
    return WatchStream::start(std::make_shared<WatchStream>(m_node, *request));
}

grpc::ServerUnaryReactor* ExploreService::Stat(
    grpc::CallbackServerContext* context, const ev1::StatRequest* request, ev1::StatResponse* response)
{
    auto* reactor = context->DefaultReactor();
    m_node.gate.pass([this, reactor, request, response](bool up) {
        reactor->Finish(
            up ? stat(*request, *response) : grpc::Status(grpc::StatusCode::UNAVAILABLE, "the node is down"));
    });
    return reactor;
}

grpc::Status ExploreService::stat(const ev1::StatRequest& request, ev1::StatResponse& response)
{
    std::string value;
    for (const auto& key : request.keys()) {
        const auto found = m_node.shared.engine.get(key, value);
        if (!found) {
            return {grpc::StatusCode::INTERNAL, "Stat failed: " + found.error()};
        }
        auto* entry = response.add_entries();
        entry->set_key(key);
        if (*found) {
            fillEntry(*entry, key, value, **found, true);
        }
    }
    response.set_server_time_ms(serverTime(m_node));
    return grpc::Status::OK;
}

} // namespace norikv::sandbox
