// SPDX-License-Identifier: GPL-3.0-or-later
// What a person does to indexes and vectors. What became of an unknown outcome: vectorchecks.cpp.
#include "models/vectorfeed.h"

#include "models/text.h"
#include "models/vectorimport.h"

#include "client/patterns/deduplication.h"
#include "client/patterns/recommendation.h"
#include "client/patterns/semanticsearch.h"

#include <QFile>
#include <QFileInfo>

#include <algorithm>

namespace norikv::models {

using client::Call;
using client::Result;
using client::Store;
using client::VectorIndex;

namespace {

QString named(const std::string& id) { return shown(id, 60); }

QString many(std::size_t count)
{
    return count == 1 ? VectorFeed::tr("1 vector") : VectorFeed::tr("%1 vectors").arg(grouped(count));
}

} // namespace

/// What undoDelete() puts back: as much as was taken.
struct VectorFeed::Deleted {
    struct One {
        std::string id;
        std::vector<float> vector;
        client::Entry meta; ///< of exactly the bytes stored
    };
    std::string index;
    std::vector<One> all;
};

void VectorFeed::createIndex(const VectorIndex& index)
{
    Action<bool> action;
    action.name = tr("Create index %1").arg(named(index.name));
    action.work = [index](Store& store, Call& call) { return store.createVectorIndex(call, index); };
    action.said = [name = index.name](bool made) {
        return made ? tr("The index %1 is there now, without vectors.").arg(named(name))
                    : tr("An equal index %1 was there already; it was left as it is.").arg(named(name));
    };
    action.repeat = [this, index] { createIndex(index); };
    action.check = [this, name = index.name] { checkIndex(name, true); };
    action.after = [this, index](const Result<bool>& made) {
        if (made && !m_listed)
            m_named.push_back(index);
        if (made && m_chosen.empty())
            m_wanted = index.name;
    };
    act(std::move(action));
}

void VectorFeed::dropIndex(const std::string& name, bool confirmed)
{
    Action<bool> action;
    action.name = tr("Drop index %1").arg(named(name));
    action.confirmed = confirmed;
    action.work = [name](Store& store, Call& call) { return store.dropVectorIndex(call, name); };
    action.said = [name](bool dropped) {
        return dropped
            ? tr("The index %1 and all its vectors are gone; metadata under keys was left.").arg(named(name))
            : tr("There was no index %1.").arg(named(name));
    };
    action.repeat = [this, name] { dropIndex(name); };
    action.check = [this, name] { checkIndex(name, false); };
    action.after = [this, name](const Result<bool>& dropped) {
        if (!dropped)
            return;
        std::erase_if(m_named, [&](const VectorIndex& index) { return index.name == name; });
        std::erase_if(m_deleted, [&](const auto& deleted) { return deleted->index == name; });
        if (name == m_chosen)
            drop();
    };
    act(std::move(action));
}

void VectorFeed::createSystems()
{
    const QString name = tr("Create the document's indexes");
    if (!m_embedder || m_embedder->dimensions() == 0) {
        failed(name,
            {client::ErrorKind::InvalidRequest, "their dimensions are the embedder's, and none is chosen",
                {}});
        return;
    }
    Action<std::size_t> action;
    action.name = name;
    action.work = [dimensions = m_embedder->dimensions()](Store& store, Call& call) -> Result<std::size_t> {
        std::size_t made = 0;
        for (const auto& system : {client::DocumentIndex, client::ProductIndex, client::PreferenceIndex,
                 client::FingerprintIndex}) {
            const auto created = store.createVectorIndex(call, client::systemIndex(system, dimensions));
            if (!created)
                return tl::unexpected(created.error());
            made += *created ? 1 : 0;
        }
        return made;
    };
    action.said = [](std::size_t made) {
        return made == 0
            ? tr("They were all there already.")
            : tr("%1 of the four were made: documents, products, user_prefs and doc_fingerprints.").arg(made);
    };
    action.repeat = [this] { createSystems(); };
    action.check = [this] { checkIndex(client::FingerprintIndex, true); };
    act(std::move(action));
}

void VectorFeed::indexText(
    const std::string& id, const std::string& title, const std::string& text, const std::string& theme)
{
    begin({id, {}, {true, title, text, theme}, 0}, tr("Index %1").arg(named(id)),
        [this, id, title, text, theme] { indexText(id, title, text, theme); });
}

void VectorFeed::insertVector(const std::string& id, const std::vector<float>& vector)
{
    begin(
        {id, vector, {}, 0}, tr("Store %1").arg(named(id)), [this, id, vector] { insertVector(id, vector); });
}

void VectorFeed::begin(const Row& row, const QString& name, std::function<void()> repeat)
{
    if (row.vector.empty() && !m_embedder) {
        failed(name,
            {client::ErrorKind::InvalidRequest, "no embedder is chosen that makes vectors of texts", {}});
        return;
    }
    const std::string index = m_chosen;
    Action<Row> action;
    action.name = name;
    action.work = [index, row, embedder = m_embedder](Store& store, Call& call) -> Result<Row> {
        Row stored = row;
        if (stored.vector.empty()) {
            auto vector = client::embedOne(*embedder, client::embeddedText(index, row.meta), call);
            if (!vector)
                return tl::unexpected(vector.error());
            stored.vector = std::move(*vector);
        }
        const auto kind = client::metaKindOf(index);
        const auto written = store.insertVector(call, index, {stored.id, stored.vector});
        if (!written)
            return tl::unexpected(written.error());
        if (row.meta.stored) {
            const auto words = client::storeVectorMeta(store, call, kind, row.id, row.meta);
            if (!words)
                return tl::unexpected(words.error());
        }
        return stored;
    };
    action.said
        = [id = row.id, index](const Row&) { return tr("%1 is in %2 now.").arg(named(id), named(index)); };
    action.repeat = std::move(repeat);
    action.check = [this, index, row] { checkRow(index, row); };
    action.after = [this, index](const Result<Row>& stored) {
        if (stored && index == m_chosen)
            patch({*stored}, {});
    };
    act(std::move(action));
}

void VectorFeed::deleteVectors(const std::vector<std::string>& ids, bool confirmed)
{
    const auto deleted = std::make_shared<Deleted>();
    deleted->index = m_chosen;
    Action<std::size_t> action;
    action.name
        = ids.size() == 1 ? tr("Delete %1").arg(named(ids.front())) : tr("Delete %1").arg(many(ids.size()));
    action.confirmed = confirmed;
    action.work = [deleted, ids](Store& store, Call& call) -> Result<std::size_t> {
        const auto kind = client::metaKindOf(deleted->index);
        for (const auto& id : ids) {
            const auto vector = store.getVector(call, deleted->index, id);
            if (!vector)
                return tl::unexpected(vector.error());
            auto meta = store.get(call, client::vectorMetaKey(kind, id));
            if (!meta)
                return tl::unexpected(meta.error());
            // Noted before it is done: what may have happened can be put back too.
            if (*vector)
                deleted->all.push_back({id, **vector, *meta});
            if (const auto gone = store.deleteVector(call, deleted->index, id); !gone) {
                if (*vector && gone.error().kind != client::ErrorKind::UnknownOutcome)
                    deleted->all.pop_back();
                return tl::unexpected(gone.error());
            }
            if (!meta->exists())
                continue;
            client::Remove remove;
            remove.key = client::vectorMetaKey(kind, id);
            const client::KnownBefore known(call, *meta);
            if (const auto gone = store.remove(call, remove); !gone)
                return tl::unexpected(gone.error());
        }
        return deleted->all.size();
    };
    action.said = [asked = ids.size()](std::size_t count) {
        return count == asked
            ? tr("%1 deleted, with what was stored beside. Undo puts it back.").arg(many(count))
            : tr("%1 deleted; the rest was not there.").arg(many(count));
    };
    action.repeat = [this, ids] { deleteVectors(ids); };
    action.check = [this, index = m_chosen, ids] { checkGone(index, ids); };
    action.after = [this, deleted](const Result<std::size_t>&) {
        // Also when it ended half way: what is gone is gone.
        if (deleted->all.empty())
            return;
        m_deleted.push_back(deleted);
        std::vector<std::string> gone;
        for (const auto& one : deleted->all)
            gone.push_back(one.id);
        if (deleted->index == m_chosen)
            patch({}, std::move(gone));
    };
    act(std::move(action));
}

void VectorFeed::undoDelete()
{
    if (m_deleted.empty())
        return;
    const auto deleted = m_deleted.back();
    Action<std::size_t> action;
    action.name = deleted->all.size() == 1 ? tr("Put %1 back").arg(named(deleted->all.front().id))
                                           : tr("Put %1 back").arg(many(deleted->all.size()));
    action.work = [deleted, now = nowMs()](Store& store, Call& call) -> Result<std::size_t> {
        for (const auto& one : deleted->all) {
            if (const auto put = store.insertVector(call, deleted->index, {one.id, one.vector}); !put)
                return tl::unexpected(put.error());
            if (!one.meta.exists())
                continue;
            const auto key = client::vectorMetaKey(client::metaKindOf(deleted->index), one.id);
            const auto there = store.get(call, key);
            if (!there)
                return tl::unexpected(there.error());
            if (there->exists())
                continue; // somebody wrote other words meanwhile
            client::Put put;
            put.key = key;
            put.value = one.meta.value;
            if (one.meta.expiresAtMs)
                put.ttlMs = static_cast<std::uint64_t>(std::max<EpochMs>(1, *one.meta.expiresAtMs - now));
            const client::KnownBefore known(call, *there);
            if (const auto written = store.put(call, put); !written)
                return tl::unexpected(written.error());
        }
        return deleted->all.size();
    };
    action.said = [](std::size_t count) { return tr("%1 back as they were.").arg(many(count)); };
    action.repeat = [this] { undoDelete(); };
    action.after = [this, deleted](const Result<std::size_t>& back) {
        if (!back)
            return;
        std::erase(m_deleted, deleted);
        std::vector<Row> rows;
        for (const auto& one : deleted->all) {
            const auto kind = client::metaKindOf(deleted->index);
            VectorMeta meta;
            if (one.meta.exists())
                meta = client::parseVectorMeta(kind, one.meta.value).value_or(VectorMeta());
            rows.push_back({one.id, one.vector, std::move(meta), 0});
        }
        if (deleted->index == m_chosen)
            patch(std::move(rows), {});
    };
    act(std::move(action));
}

void VectorFeed::import(const QString& what, RowSource source) { import(what, std::move(source), {}); }

void VectorFeed::importFile(const QString& path)
{
    m_resumeAfter = 0;
    import(QFileInfo(path).fileName(), rowsOfFile(QFile::encodeName(path).toStdString()), path);
}

void VectorFeed::resumeImport()
{
    if (!canResumeImport())
        return;
    const QString path = m_resumePath;
    import(
        QFileInfo(path).fileName(), rowsOfFile(QFile::encodeName(path).toStdString(), m_resumeAfter), path);
}

void VectorFeed::import(const QString& what, RowSource source, const QString& path)
{
    if (m_import.running || m_chosen.empty())
        return;
    const auto meter = std::make_shared<ImportMeter>();
    m_importMeter = meter;
    m_import = {true, what, 0, 0, 0};
    m_resumePath.clear();
    m_ticking.start();
    const std::string index = m_chosen;
    Action<ImportEnd> action;
    action.name = tr("Import %1").arg(what);
    action.work = [index, source, meter, embedder = m_embedder, dimensions = m_snapshot->index.dimensions](
                      Store& store, Call& call) {
        return importRows(store, call, {index, dimensions, embedder.get()}, source, *meter);
    };
    action.said = [what, index](const ImportEnd& end) {
        QString text = end.cancelled ? tr("Cancelled: %1 of %2 came into %3.") : tr("%1 of %2 came into %3.");
        text = text.arg(many(end.done), what, named(index));
        if (end.bad > 0)
            text += QLatin1Char(' ')
                + tr("%1 rows were left out, first %2.").arg(grouped(end.bad), shown(end.firstBad));
        return text;
    };
    action.repeat = [this, what, source, path] { import(what, source, path); };
    action.after = [this, path](const Result<ImportEnd>& end) {
        tick();
        m_import.running = false;
        const bool begun = m_importMeter->position > 0;
        if (!path.isEmpty() && begun && (!end || end->cancelled)) {
            m_resumePath = path;
            m_resumeAfter = m_importMeter->position;
        }
        Q_EMIT importChanged();
        if (!m_listed) // else the next look sees that there are more
            reload();
    };
    act(std::move(action));
    Q_EMIT importChanged();
}

void VectorFeed::cancelImport()
{
    if (m_importMeter)
        m_importMeter->stop.request_stop();
}

} // namespace norikv::models
