// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/patterns/tenantusage.h"

#include "client/patterns/counter.h"
#include "client/sizetext.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace norikv::client {

namespace {

constexpr std::string_view DataPrefix = "tenant:";

/// `rest` is what follows `tenant:`; one part, a colon, and exactly `usage`.
bool isUsageCounter(std::string_view rest, std::size_t firstColon, std::optional<std::string_view> value)
{
    return rest.substr(firstColon + 1) == "usage" && (!value || parseCounter(*value));
}

void move(std::uint64_t& figure, std::uint64_t by, bool add)
{
    figure = add ? figure + by : figure - std::min(by, figure);
}

/// Two-sided 95 % quantile of Student's t.
double studentT(std::size_t freedom)
{
    constexpr std::array<double, 11> table{
        0, 12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228};
    if (freedom < table.size())
        return table[freedom];
    return 1.96 + 2.5 / static_cast<double>(freedom); // within 0.02 from there on
}

} // namespace

void TenantTally::know(const Bytes& id)
{
    m_tenants[id];
    m_known.insert(id);
    m_anyColon = m_anyColon || id.find(':') != Bytes::npos;
}

void TenantTally::knowJava(const Bytes& id)
{
    m_tenants[id];
    m_java.insert(id);
}

std::vector<Bytes> TenantTally::owners(std::string_view key) const
{
    std::vector<Bytes> out;
    if (!key.starts_with(DataPrefix)) {
        for (const Bytes& id : m_java) {
            if (key.size() > id.size() && key.starts_with(id) && key[id.size()] == ':')
                out.push_back(id);
        }
        return out;
    }
    const std::string_view rest = key.substr(DataPrefix.size());
    const auto first = rest.find(':');
    if (first == std::string_view::npos)
        return out;
    if (m_anyColon) {
        for (auto colon = first; colon != std::string_view::npos; colon = rest.find(':', colon + 1)) {
            Bytes id(rest.substr(0, colon));
            if (m_known.contains(id))
                out.push_back(std::move(id));
        }
    }
    if (out.empty())
        out.emplace_back(rest.substr(0, first));
    return out;
}

bool TenantTally::add(std::string_view key, std::uint64_t valueBytes, std::optional<std::string_view> value)
{
    return change(key, valueBytes, value, true);
}

void TenantTally::remove(
    std::string_view key, std::uint64_t valueBytes, std::optional<std::string_view> value)
{
    change(key, valueBytes, value, false);
}

bool TenantTally::change(
    std::string_view key, std::uint64_t valueBytes, std::optional<std::string_view> value, bool add)
{
    const auto claims = owners(key);
    if (claims.empty())
        return false;
    if (key.starts_with(DataPrefix)) {
        const std::string_view rest = key.substr(DataPrefix.size());
        const auto colon = claims.front().size();
        if (claims.size() == 1 && isUsageCounter(rest, colon, value)) {
            TenantUsage& usage = m_tenants[claims.front()];
            usage.hasCounter = add;
            usage.counter = add && value ? parseCounter(*value) : std::nullopt;
            return true;
        }
    }
    const std::uint64_t bytes = key.size() + valueBytes;
    for (std::size_t i = 0; i < claims.size(); ++i) {
        TenantUsage& usage = m_tenants[claims[i]];
        if (claims.size() == 1) {
            move(usage.keys, 1, add);
            move(usage.bytes, bytes, add);
            if (add && usage.example.empty())
                usage.example = Bytes(key);
            else if (!add && usage.example == key)
                usage.example.clear();
            continue;
        }
        move(usage.sharedKeys, 1, add);
        move(usage.sharedBytes, bytes, add);
        if (add) {
            usage.sharedWith = claims[i == 0 ? 1 : 0];
            usage.sharedExample = Bytes(key);
        }
    }
    return true;
}

std::vector<std::pair<Bytes, Bytes>> collidingIds(const std::set<Bytes>& ids)
{
    std::vector<std::pair<Bytes, Bytes>> out;
    for (const Bytes& id : ids) {
        for (auto colon = id.find(':'); colon != Bytes::npos; colon = id.find(':', colon + 1)) {
            if (Bytes shorter = id.substr(0, colon); ids.contains(shorter))
                out.emplace_back(std::move(shorter), id);
        }
    }
    std::ranges::sort(out);
    return out;
}

PlanPreview previewPlan(
    const TenantMetadata& metadata, const TenantUsage& usage, TenantPlan to, bool complete)
{
    PlanPreview out{.to = to,
        .fromPlan = metadata.plan,
        .before = metadata.limits,
        .after = limitsOf(to),
        .overKeys = 0,
        .overBytes = 0,
        .atLeast = !complete};
    const std::uint64_t keys = usage.keys + usage.sharedKeys;
    const std::uint64_t bytes = usage.bytes + usage.sharedBytes;
    if (out.after.maxKeys && keys > *out.after.maxKeys)
        out.overKeys = keys - *out.after.maxKeys;
    if (const auto most = out.after.maxBytes(); most && static_cast<double>(bytes) > *most)
        out.overBytes = bytes - static_cast<std::uint64_t>(*most);
    return out;
}

std::string previewText(const PlanPreview& preview)
{
    const auto from = preview.fromPlan ? tenantPlan(*preview.fromPlan) : std::nullopt;
    std::string out = !from  ? "change to "
        : preview.to < *from ? "downgrade to "
        : preview.to > *from ? "upgrade to "
                             : "stay on ";
    out += name(preview.to);
    if (preview.fits())
        return out + (preview.atLeast ? ": the known keys fit" : ": everything fits");
    out += preview.atLeast ? ": over by at least " : ": over by ";
    if (preview.overKeys > 0)
        out += std::to_string(preview.overKeys) + (preview.overKeys == 1 ? " key" : " keys");
    if (preview.overKeys > 0 && preview.overBytes > 0)
        out += " and ";
    if (preview.overBytes > 0)
        out += sizeText(preview.overBytes);
    return out;
}

Exhaustion estimateExhaustion(std::span<const UsageSample> samples, std::optional<double> limit)
{
    using State = Exhaustion::State;
    constexpr double day = 86'400'000;
    constexpr double farthest = 100 * 365.25 * day; // beyond a century a date says nothing
    Exhaustion out;
    if (!limit) {
        out.state = State::Unlimited;
        return out;
    }
    if (!samples.empty() && samples.back().used >= *limit) {
        out.state = State::Over;
        return out;
    }
    if (samples.size() < 3 || samples.back().atMs <= samples.front().atMs)
        return out;

    const auto n = static_cast<double>(samples.size());
    double meanT = 0;
    double meanY = 0;
    for (const UsageSample& s : samples) {
        meanT += static_cast<double>(s.atMs - samples.front().atMs) / n;
        meanY += s.used / n;
    }
    double tt = 0;
    double ty = 0;
    double yy = 0;
    for (const UsageSample& s : samples) {
        const double t = static_cast<double>(s.atMs - samples.front().atMs) - meanT;
        const double y = s.used - meanY;
        tt += t * t;
        ty += t * y;
        yy += y * y;
    }
    const double slope = ty / tt; // per millisecond
    out.perDay = slope * day;
    const double noise = std::max(0.0, yy - slope * ty) / (n - 2);
    const double ofFit = noise / tt;
    // Keys that come by chance add up: what is used wanders about the line and does not return to it. The
    // steps between samples tell both apart; a step that the next one takes back was mere noise.
    double wander = 0;
    double before = 0;
    for (std::size_t i = 1; i < samples.size(); ++i) {
        const double step = samples[i].used - samples[i - 1].used
            - slope * static_cast<double>(samples[i].atMs - samples[i - 1].atMs);
        wander += step * step + 2 * step * before;
        before = step;
    }
    const auto span = static_cast<double>(samples.back().atMs - samples.front().atMs);
    const double ofWandering = std::max(0.0, wander) / (span * span);
    const double margin = studentT(samples.size() - 2) * std::sqrt(std::max(ofFit, ofWandering));
    if (slope <= 0) {
        out.state = State::NotGrowing;
        return out;
    }
    if (slope - margin <= 0) {
        out.state = State::Unclear;
        return out;
    }
    out.state = State::Growing;
    const double left = *limit - samples.back().used;
    const auto at = [&](double rate) {
        return samples.back().atMs + static_cast<EpochMs>(std::min(left / rate, farthest));
    };
    out.expectedMs = at(slope);
    out.earliestMs = at(slope + margin);
    out.latestMs = at(slope - margin);
    return out;
}

} // namespace norikv::client
