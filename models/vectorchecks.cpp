// SPDX-License-Identifier: GPL-3.0-or-later
// What became of an action on vectors whose outcome is unknown: it is read again.
#include "models/vectorfeed.h"

#include "models/text.h"

#include "client/patterns/semanticsearch.h"

#include <algorithm>

namespace norikv::models {

using client::Call;
using client::Result;
using client::Store;

namespace {

QString named(const std::string& id) { return shown(id, 60); }

} // namespace

void VectorFeed::checkRow(const std::string& index, const Row& row)
{
    Action<bool> action;
    action.name = tr("Look for %1").arg(named(row.id));
    action.work = [index, row](Store& store, Call& call) -> Result<bool> {
        const auto vector = store.getVector(call, index, row.id);
        if (!vector)
            return tl::unexpected(vector.error());
        return *vector && (row.vector.empty() || **vector == row.vector);
    };
    action.said = [id = row.id](bool there) {
        return there ? tr("%1 is there.").arg(named(id))
                     : tr("%1 is not there: it was not stored.").arg(named(id));
    };
    action.after = [this](const Result<bool>&) { reload(); };
    act(std::move(action));
}

void VectorFeed::checkGone(const std::string& index, const std::vector<std::string>& ids)
{
    Action<std::size_t> action;
    action.name
        = ids.size() == 1 ? tr("Look for %1").arg(named(ids.front())) : tr("Look for what was deleted");
    action.work = [index, ids](Store& store, Call& call) -> Result<std::size_t> {
        std::size_t there = 0;
        for (const auto& id : ids) {
            const auto vector = store.getVector(call, index, id);
            if (!vector)
                return tl::unexpected(vector.error());
            there += *vector ? 1 : 0;
        }
        return there;
    };
    action.said = [asked = ids.size()](std::size_t there) {
        return there == 0 ? tr("They are gone.")
                          : tr("%1 of %2 are still there.").arg(grouped(there), grouped(asked));
    };
    action.after = [this](const Result<std::size_t>&) { reload(); };
    act(std::move(action));
}

void VectorFeed::checkIndex(const std::string& name, bool wanted)
{
    Action<bool> action;
    action.name = tr("Look for index %1").arg(named(name));
    action.work = [name](Store& store, Call& call) -> Result<bool> {
        const auto found = client::findIndexes(store, call, std::vector{client::systemIndex(name, 0)}, 1);
        if (!found)
            return tl::unexpected(found.error());
        return std::ranges::find(found->indexes, name, &client::VectorIndex::name) != found->indexes.end();
    };
    action.said = [name, wanted](bool there) {
        if (there)
            return wanted ? tr("The index %1 is there.").arg(named(name))
                          : tr("The index %1 is still there.").arg(named(name));
        return wanted ? tr("There is no index %1: it was not made.").arg(named(name))
                      : tr("The index %1 is gone.").arg(named(name));
    };
    act(std::move(action));
}

} // namespace norikv::models
