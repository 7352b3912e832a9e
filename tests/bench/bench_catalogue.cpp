// SPDX-License-Identifier: GPL-3.0-or-later
// P27: a restart with a catalogue of a million keys.
#include "ceilings/baresqlite.h"
#include "figure.h"
#include "serverprocess.h"

#include "client/clock.h"
#include "models/cataloguesource.h"

#include <chrono>
#include <sstream>
#include <thread>

namespace norikv::bench {

namespace {

constexpr std::size_t Sightings = 16'000;

class Restart final : public Bench {
public:
    explicit Restart(const Effort& effort)
        : m_keys(effort.count(1'000'000))
        , m_where{m_folder.path() / "catalogue", "bench", 1024}
    {
        models::Catalogue catalogue(m_where, m_clock);
        m_path = catalogue.path();
        catalogue.setKeeps(models::Catalogue::Keeps::Everything);
        std::vector<client::Sighting> batch;
        for (std::size_t i = 0; i < m_keys; ++i) {
            auto& entry = batch.emplace_back().entry;
            entry.key = "session:" + std::to_string(10'000'000 + i) + "-4b1d-9c02";
            entry.value = std::string(100, 'v');
            entry.valueSize = 100;
            entry.version = client::Version{0, i};
            entry.expiresAtMs = m_clock.nowMs() + 3'600'000;
            entry.provenance = client::TtlProvenance::SetHere;
            if (batch.size() < Sightings && i + 1 < m_keys)
                continue;
            catalogue.seen(batch);
            batch.clear();
            if (!catalogue.flush())
                throw std::runtime_error("the catalogue cannot be written");
        }
    }

    // From nothing to the last row in the list's own columns, as a window would get them.
    double ours() override
    {
        const auto start = std::chrono::steady_clock::now();
        const auto since
            = [&] { return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count(); };
        models::Catalogue catalogue(m_where, m_clock);
        models::CatalogueSource source(catalogue);
        std::size_t rows = 0;
        double first = 0;
        double took = 0;
        const auto told = source.start(
            [&](models::KeyNews news) {
                if (news.rows) {
                    if (rows == 0)
                        first = since();
                    rows += news.rows->size();
                }
                if (news.kind == models::KeyNews::Kind::Ends)
                    took = since();
                return news.kind != models::KeyNews::Kind::Ends;
            },
            {});
        if (!told || rows != m_keys)
            throw std::runtime_error("the catalogue was not read whole");
        m_first = first;
        return took;
    }
    double ceiling() override { return bareSqliteRead(m_path); }
    double firstRows()
    {
        (void)ours();
        return m_first;
    }
    std::string note() const override
    {
        std::ostringstream out;
        out << "first rows after " << m_first * 1000 << " ms";
        return out.str();
    }

private:
    const std::size_t m_keys;
    TempFolder m_folder;
    SystemClock m_clock;
    models::Catalogue::Where m_where;
    std::string m_path;
    double m_first = 0;
};

class FirstRows final : public Bench {
public:
    explicit FirstRows(const Effort& effort)
        : m_restart(effort)
    {
    }
    double ours() override { return m_restart.firstRows(); }
    double ceiling() override { return 0.1; }

private:
    Restart m_restart;
};

} // namespace

std::vector<Figure> catalogueFigures()
{
    return {
        {"P27", "restart with a 1 M-key catalogue, to the last row, vs bare sqlite3_step", Better::Lower, 1.5,
            "s", [](const Effort& effort) { return std::make_unique<Restart>(effort); }},
        {"P27-first", "the same, to the first rows, / 100 ms", Better::Lower, 1, "s",
            [](const Effort& effort) { return std::make_unique<FirstRows>(effort); }},
    };
}

} // namespace norikv::bench
