// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/vectorimport.h"

#include "client/embed/vectorimport.h"
#include "client/patterns/vectormeta.h"
#include "client/vectors/parallel.h"

#include <algorithm>
#include <mutex>

namespace norikv::models {

namespace {

using client::Call;
using client::Error;
using client::ErrorKind;
using client::Result;
using client::Store;

constexpr std::size_t Batch = 128;
constexpr std::size_t InFlight = 32;
constexpr std::size_t MetaThreads = 8; // metadata is written one key a call

bool blank(std::string_view text) { return text.find_first_not_of(" \t\r\n\f\v") == std::string_view::npos; }

class Importer {
public:
    Importer(Store& store, Call& call, const ImportTarget& target, ImportMeter& meter)
        : m_store(store)
        , m_call(call)
        , m_target(target)
        , m_meter(meter)
    {
    }

    /// False = no more rows are wanted.
    bool take(Result<VectorRow> row)
    {
        if (!row) {
            bad(row.error().message);
            return !m_failed;
        }
        m_batch.push_back(std::move(*row));
        return m_batch.size() < Batch || flush();
    }
    bool flush()
    {
        std::vector<VectorRow> batch = std::exchange(m_batch, {});
        if (m_failed || m_call.stop.stop_requested() || batch.empty())
            return !m_failed && !m_call.stop.stop_requested();
        const std::uint64_t position = batch.back().position;
        if (!embed(batch))
            return false;
        std::erase_if(batch, [&](const VectorRow& row) {
            const bool fits = row.vector.size() == m_target.dimensions;
            if (!fits)
                bad(row.id,
                    std::to_string(row.vector.size()) + " dimensions, the index has "
                        + std::to_string(m_target.dimensions));
            return !fits;
        });
        if (!insert(batch) || !describe(batch))
            return false;
        m_meter.position = position;
        return true;
    }
    const std::optional<Error>& failed() const { return m_failed; }
    const std::string& firstBad() const { return m_firstBad; }

private:
    void bad(const std::string& why)
    {
        m_meter.bad.fetch_add(1);
        if (m_firstBad.empty())
            m_firstBad = why;
    }
    void bad(const std::string& id, const std::string& why) { bad(client::printable(id) + ": " + why); }

    /// Rows whose text cannot be embedded leave the batch.
    bool embed(std::vector<VectorRow>& batch)
    {
        std::vector<std::string> texts;
        std::vector<std::size_t> of;
        std::erase_if(batch, [&](const VectorRow& row) {
            if (!row.vector.empty())
                return false;
            const bool empty = blank(client::embeddedText(m_target.index, row.meta));
            if (empty)
                bad(row.id, "there is no text to make a vector of");
            else if (!m_target.embedder)
                bad(row.id, "it has no vector, and no embedder is chosen");
            return empty || !m_target.embedder;
        });
        for (std::size_t i = 0; i < batch.size(); ++i) {
            if (batch[i].vector.empty()) {
                texts.push_back(client::embeddedText(m_target.index, batch[i].meta));
                of.push_back(i);
            }
        }
        if (texts.empty())
            return true;
        auto vectors = m_target.embedder->embed(texts, m_call.stop);
        if (!vectors || vectors->size() != texts.size()) {
            m_failed = vectors ? Error{ErrorKind::BadData, "the embedder gave another number of vectors", {}}
                               : vectors.error();
            return false;
        }
        for (std::size_t i = 0; i < of.size(); ++i)
            batch[of[i]].vector = std::move((*vectors)[i]);
        return true;
    }

    /// Rows that were refused leave the batch.
    bool insert(std::vector<VectorRow>& batch)
    {
        std::vector<client::NamedVector> vectors;
        for (const auto& row : batch)
            vectors.push_back({row.id, row.vector});
        std::vector<bool> refused(batch.size(), false);
        const auto all = m_store.insertVectors(
            m_call, m_target.index, vectors, InFlight, [&](std::size_t at, Result<void> stored) {
                if (stored) {
                    m_meter.done.fetch_add(1);
                } else if (stored.error().kind == ErrorKind::InvalidRequest
                    || stored.error().kind == ErrorKind::TooLarge) {
                    refused[at] = true;
                    bad(batch[at].id,
                        stored.error().detail.empty() ? stored.error().message : stored.error().detail);
                } else if (!m_failed) {
                    m_failed = stored.error();
                }
            });
        if (!all && !m_failed)
            m_failed = all.error();
        std::size_t at = 0;
        std::erase_if(batch, [&](const VectorRow&) { return refused[at++]; });
        return !m_failed;
    }

    bool describe(const std::vector<VectorRow>& batch)
    {
        std::vector<const VectorRow*> rows;
        for (const auto& row : batch) {
            if (row.meta.stored)
                rows.push_back(&row);
        }
        std::mutex mutex;
        const auto kind = client::metaKindOf(m_target.index);
        client::inParallel(rows.size(), MetaThreads, m_call.stop, [&](std::size_t i) {
            Call call;
            call.stop = m_call.stop;
            call.consent = m_call.consent;
            call.why = m_call.why;
            const auto written = client::storeVectorMeta(m_store, call, kind, rows[i]->id, rows[i]->meta);
            const std::scoped_lock lock(mutex);
            if (!written && !m_failed)
                m_failed = written.error();
        });
        return !m_failed;
    }

    Store& m_store;
    Call& m_call;
    const ImportTarget& m_target;
    ImportMeter& m_meter;
    std::vector<VectorRow> m_batch;
    std::optional<Error> m_failed;
    std::string m_firstBad;
};

} // namespace

RowSource rowsOfFile(std::string path, std::uint64_t after)
{
    return [path = std::move(path), after](const TakeRow& take, ImportMeter& meter) -> Result<void> {
        client::VectorReadOptions options;
        options.after = after;
        const auto reader = client::VectorReader::open(path, options);
        if (!reader)
            return tl::unexpected(reader.error());
        meter.position = after;
        for (std::size_t rows = 1; !meter.stop.stop_requested(); ++rows) {
            auto next = (*reader)->next();
            if (!next)
                return tl::unexpected(next.error());
            if (!*next)
                return {};
            if ((*reader)->rows() > 0)
                meter.expected = (*reader)->rows();
            else if (const auto bytes = (*reader)->bytesRead(); bytes > 0)
                meter.expected = static_cast<std::size_t>(static_cast<double>(rows)
                    * static_cast<double>((*reader)->fileSize()) / static_cast<double>(bytes));
            auto& [position, read, shown] = **next;
            Result<VectorRow> row = client::fail(ErrorKind::BadData, {});
            if (read) {
                const bool words = !read->title.empty() || !read->text.empty();
                row = VectorRow{std::move(read->id), std::move(read->vector),
                    {words, std::move(read->title), std::move(read->text), std::move(read->theme)}, position};
            } else {
                row.error().message = "row " + std::to_string(position) + ": " + read.error().message;
            }
            if (!take(std::move(row)))
                return {};
        }
        return {};
    };
}

Result<ImportEnd> importRows(
    Store& store, Call& call, const ImportTarget& target, const RowSource& source, ImportMeter& meter)
{
    const std::stop_callback forward(call.stop, [&meter] { meter.stop.request_stop(); });
    Call own = call;
    own.stop = meter.stop.get_token();
    Importer importer(store, own, target, meter);
    const auto read
        = source([&importer](Result<VectorRow> row) { return importer.take(std::move(row)); }, meter);
    importer.flush();
    const bool cancelled = own.stop.stop_requested();
    if (importer.failed() && !cancelled)
        return tl::unexpected(*importer.failed());
    if (!read && !cancelled)
        return tl::unexpected(read.error());
    return ImportEnd{meter.done, meter.bad, importer.firstBad(), cancelled};
}

} // namespace norikv::models
