// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/vectors/crawl.h"

#include "client/vectors/readvectors.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <deque>
#include <map>
#include <random>
#include <set>

namespace norikv::client {

namespace {

constexpr std::size_t InFlight = 64;
constexpr std::uint32_t MostDimensions = 4096;
constexpr std::size_t QuietSearches = 20;

/// The number in "Query dimension mismatch: expected 384, got 256" (wire-contract 5.3).
std::optional<std::uint32_t> expectedDimensions(const Error& error)
{
    for (const std::string* text : {&error.detail, &error.message}) {
        constexpr std::string_view word = "expected ";
        const auto at = text->find(word);
        if (text->find("imension") == std::string::npos || at == std::string::npos)
            continue;
        std::uint32_t number = 0;
        const char* const begin = text->data() + at + word.size();
        if (std::from_chars(begin, text->data() + text->size(), number).ec == std::errc() && number > 0
            && number <= MostDimensions)
            return number;
    }
    return std::nullopt;
}

/// Nothing = there is no such index.
Result<std::optional<VectorIndex>> ask(Store& store, Call& call, VectorIndex index, std::uint32_t guess)
{
    if (index.dimensions == 0)
        index.dimensions = guess;
    VectorSearch search;
    search.index = index.name;
    search.query.assign(std::max<std::uint32_t>(index.dimensions, 1), 0.0F);
    search.query.front() = 1;
    search.k = 1;
    const auto answer = store.searchVectors(call, search);
    if (answer)
        return index;
    if (const auto dimensions = expectedDimensions(answer.error())) {
        index.dimensions = *dimensions;
        return index;
    }
    if (answer.error().kind == ErrorKind::NotFound)
        return std::nullopt;
    return tl::unexpected(answer.error());
}

class Crawler {
public:
    Crawler(Store& store, Call& call, const VectorIndex& index, const CrawlOptions& options)
        : m_store(store)
        , m_call(call)
        , m_index(index)
        , m_options(options)
        , m_random(options.seed)
    {
    }

    /// Reads vectors of ids not met yet.
    Result<void> read(const std::vector<std::string>& ids)
    {
        std::vector<std::string> fresh;
        for (const auto& id : ids) {
            if (m_met.insert(id).second)
                fresh.push_back(id);
        }
        return readVectors(
            m_store, m_call, m_index.name, fresh, InFlight, [&](std::size_t at, std::vector<float> vector) {
                if (vector.size() != m_index.dimensions)
                    return;
                const auto [row, added] = m_vectors.emplace(fresh[at], std::move(vector));
                if (added)
                    m_waiting.push_back(&row->first);
            });
    }

    Result<std::vector<std::string>> around(const std::vector<float>& query)
    {
        VectorSearch search;
        search.index = m_index.name;
        search.query = query;
        search.k = m_options.k;
        ++m_searches;
        auto answer = m_store.searchVectors(m_call, search);
        if (!answer)
            return tl::unexpected(answer.error());
        std::vector<std::string> ids;
        for (auto& match : answer->matches)
            ids.push_back(std::move(match.id));
        return ids;
    }

    /// Anywhere, as long as a known vector.
    std::vector<float> direction()
    {
        std::vector<float> vector(m_index.dimensions);
        for (float& value : vector) {
            double sum = -2; // four uniform numbers: about normal, and the same with every library
            for (int i = 0; i < 4; ++i)
                sum += unit();
            value = static_cast<float>(sum);
        }
        const float wanted = m_vectors.empty() ? 1 : length(anyKnown());
        const float scale = wanted / std::max(length(vector), 1e-6F);
        for (float& value : vector)
            value *= scale;
        return vector;
    }
    /// Somewhere between two known vectors, off both: where no search has begun yet.
    std::vector<float> between()
    {
        if (m_vectors.size() < 2)
            return direction();
        std::vector<float> vector = anyKnown();
        const auto& other = anyKnown();
        const auto share = static_cast<float>(0.3 + 0.4 * unit());
        for (std::size_t i = 0; i < vector.size(); ++i)
            vector[i] = vector[i] * (1 - share) + other[i] * share;
        return vector;
    }

    Result<void> grow(const std::function<void(std::size_t)>& told)
    {
        while (!m_waiting.empty() && m_searches < m_options.mostSearches) {
            const std::string* const id = m_waiting.front();
            m_waiting.pop_front();
            const auto ids = around(m_vectors.at(*id));
            if (!ids)
                return tl::unexpected(ids.error());
            if (const auto done = read(*ids); !done)
                return done;
            if (told)
                told(m_vectors.size());
        }
        return {};
    }

    /// Groups that no chain of neighbours leads to: looked for anywhere, until nothing new comes for a while.
    Result<void> explore(const std::function<void(std::size_t)>& told)
    {
        for (std::size_t quiet = 0; quiet < QuietSearches && m_searches < m_options.mostSearches; ++quiet) {
            const auto ids = around(direction());
            if (!ids)
                return tl::unexpected(ids.error());
            const std::size_t before = m_vectors.size();
            if (const auto done = read(*ids); !done)
                return done;
            if (m_vectors.size() == before)
                continue;
            quiet = 0;
            if (const auto grown = grow(told); !grown)
                return grown;
        }
        return {};
    }

    /// Capture and recapture: of what fresh searches give, the share known before is the share found.
    Result<std::optional<double>> estimate(const std::function<void(std::size_t)>& told)
    {
        std::size_t given = 0;
        std::size_t known = 0;
        const double before = static_cast<double>(m_vectors.size());
        std::set<std::string> captured;
        for (const auto& [id, vector] : m_vectors)
            captured.insert(id);
        for (std::size_t i = 0; i < m_options.checks; ++i) {
            const auto ids = around(i % 2 == 0 ? between() : direction());
            if (!ids)
                return tl::unexpected(ids.error());
            given += ids->size();
            known += static_cast<std::size_t>(
                std::ranges::count_if(*ids, [&](const auto& id) { return captured.contains(id); }));
            if (const auto done = read(*ids); !done)
                return tl::unexpected(done.error());
        }
        if (const auto grown = grow(told); !grown)
            return tl::unexpected(grown.error());
        if (given == 0)
            return std::optional<double>();
        // One more each: finite also where nothing was known.
        const double all = before * static_cast<double>(given + 1) / static_cast<double>(known + 1);
        return std::optional(std::max(all, static_cast<double>(m_vectors.size())));
    }

    Crawled result() &&
    {
        Crawled crawled;
        crawled.searches = m_searches;
        for (auto& [id, vector] : m_vectors)
            crawled.vectors.push_back({id, std::move(vector)});
        return crawled;
    }
    bool empty() const { return m_vectors.empty(); }

private:
    static float length(const std::vector<float>& vector)
    {
        double square = 0;
        for (const float value : vector)
            square += static_cast<double>(value) * static_cast<double>(value);
        return static_cast<float>(std::sqrt(square));
    }
    const std::vector<float>& anyKnown()
    {
        return std::next(m_vectors.begin(), static_cast<std::ptrdiff_t>(m_random() % m_vectors.size()))
            ->second;
    }
    double unit() { return static_cast<double>(m_random() >> 11) / static_cast<double>(1ULL << 53); }

    Store& m_store;
    Call& m_call;
    const VectorIndex& m_index;
    const CrawlOptions& m_options;
    std::mt19937_64 m_random;
    std::set<std::string> m_met;
    std::map<std::string, std::vector<float>> m_vectors; ///< its nodes stay where they are
    std::deque<const std::string*> m_waiting;
    std::size_t m_searches = 0;
};

} // namespace

Result<FoundIndexes> findIndexes(
    Store& store, Call& call, std::span<const VectorIndex> candidates, std::uint32_t guess)
{
    FoundIndexes found;
    auto listed = store.listVectorIndexes(call);
    if (listed) {
        // An empty list is also what a server without the service may give.
        const auto offered = listed->empty() ? store.probeVector(call) : Result<void>();
        if (!offered)
            return tl::unexpected(offered.error());
        found.indexes = std::move(*listed);
        found.listed = true;
    } else if (listed.error().kind != ErrorKind::Unsupported) {
        return tl::unexpected(listed.error());
    } else {
        if (const auto offered = store.probeVector(call); !offered)
            return tl::unexpected(offered.error());
        for (const VectorIndex& candidate : candidates) {
            auto answer = ask(store, call, candidate, guess);
            if (!answer)
                return tl::unexpected(answer.error());
            if (*answer)
                found.indexes.push_back(std::move(**answer));
        }
    }
    std::ranges::sort(found.indexes, {}, &VectorIndex::name);
    return found;
}

Result<Crawled> crawl(Store& store, Call& call, const VectorIndex& index, std::span<const std::string> known,
    const CrawlOptions& options, const std::function<void(std::size_t)>& told)
{
    Crawler crawler(store, call, index, options);
    if (const auto read = crawler.read({known.begin(), known.end()}); !read)
        return tl::unexpected(read.error());
    for (int i = 0; i < 3 && crawler.empty(); ++i) {
        const auto ids = crawler.around(crawler.direction());
        if (!ids)
            return tl::unexpected(ids.error());
        if (const auto read = crawler.read(*ids); !read)
            return tl::unexpected(read.error());
    }
    if (const auto grown = crawler.grow(told); !grown)
        return tl::unexpected(grown.error());
    if (const auto explored = crawler.explore(told); !explored)
        return tl::unexpected(explored.error());
    const auto estimate = crawler.estimate(told);
    if (!estimate)
        return tl::unexpected(estimate.error());
    Crawled crawled = std::move(crawler).result();
    crawled.estimate = *estimate;
    return crawled;
}

} // namespace norikv::client
