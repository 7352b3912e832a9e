// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/bulk/exportkeys.h"

#include "client/localfile.h"
#include "client/placement.h"

namespace norikv::client {

namespace {

constexpr std::size_t Batch = 64; ///< keys; at most 64 MiB of values
constexpr std::size_t ReadsInFlight = 64;

} // namespace

Result<ExportReport> exportKeys(Store& store, Call& call, std::span<const Bytes> keys,
    const ExportOptions& options, const std::function<void(std::uint64_t)>& progress)
{
    ExportReport report;
    const CsvEntries csv(options.formulas);
    const auto fill = [&](AppendFile& file) -> Result<void> {
        if (options.csv) {
            if (auto begun = file.append(csv.header()); !begun)
                return begun;
        }
        for (std::size_t at = 0; at < keys.size(); at += Batch) {
            const auto some = keys.subspan(at, std::min(Batch, keys.size() - at));
            std::vector<Result<Entry>> entries(some.size(), fail(ErrorKind::Cancelled, "not read"));
            const auto read = store.getMany(call, some, ReadsInFlight,
                [&](std::size_t index, Result<Entry> entry) { entries[index] = std::move(entry); });
            if (!read)
                return tl::unexpected(read.error());
            std::string lines;
            for (std::size_t i = 0; i < entries.size(); ++i) {
                if (!entries[i]) {
                    ++report.failed;
                    if (report.firstProblem.empty())
                        report.firstProblem = printable(some[i]) + ": " + entries[i].error().message;
                    continue;
                }
                if (!entries[i]->exists()) {
                    ++report.missing;
                    continue;
                }
                entries[i]->key = some[i];
                const std::uint32_t shard = shardOf(some[i], options.totalShards);
                lines += options.csv ? csv.row(*entries[i], shard) : toNdjson(*entries[i], shard) + '\n';
                ++report.written;
            }
            if (auto written = file.append(lines); !written)
                return written;
            if (progress)
                progress(at + some.size());
        }
        return {};
    };
    return replaceFile(options.file, fill).map([&] { return report; });
}

} // namespace norikv::client
