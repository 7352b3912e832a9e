// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/leakmeter.h"

#include <algorithm>

namespace norikv::models {

namespace {
constexpr EpochMs StandFor = 5000; // rulings 2: what an operation in flight looks like is no finding
constexpr std::size_t MostTracks = 1000;
constexpr std::size_t MostPoints = 512;
} // namespace

std::int64_t LeakMeter::take(
    const client::Bytes& sku, std::int64_t raw, std::int64_t available, EpochMs nowMs)
{
    auto found = m_tracks.find(sku);
    if (found == m_tracks.end()) {
        if (raw <= 0 || m_tracks.size() >= MostTracks)
            return 0;
        found = m_tracks.emplace(sku, Track()).first;
    }
    Track& track = found->second;
    if (raw <= track.standing) {
        track.standing = raw;
        track.candidateMs = 0;
    } else if (track.candidateMs == 0) {
        track.candidate = raw;
        track.candidateMs = nowMs;
    } else {
        track.candidate = std::min(track.candidate, raw);
        if (nowMs - track.candidateMs >= StandFor) {
            track.standing = track.candidate;
            track.candidateMs = 0;
        }
    }
    auto& points = track.points;
    const bool moved = points.empty()
        ? track.standing > 0
        : points.back().leaked != track.standing || points.back().available != available;
    if (moved) {
        if (points.size() == MostPoints)
            points.pop_front();
        points.push_back({nowMs, track.standing, available});
    }
    const std::int64_t standing = track.standing;
    if (points.empty() && track.candidateMs == 0)
        m_tracks.erase(found); // it was in flight
    return standing;
}

std::vector<LeakMeter::Point> LeakMeter::history(const client::Bytes& sku) const
{
    const auto found = m_tracks.find(sku);
    if (found == m_tracks.end())
        return {};
    return {found->second.points.begin(), found->second.points.end()};
}

std::optional<EpochMs> LeakMeter::soldOutOnPaper(const std::vector<Point>& history)
{
    if (history.size() < 2)
        return std::nullopt;
    const Point& first = history.front();
    const Point& last = history.back();
    const std::int64_t grown = last.leaked - first.leaked;
    const EpochMs took = last.atMs - first.atMs;
    if (grown <= 0 || took <= 0)
        return std::nullopt;
    const double perMs = static_cast<double>(grown) / static_cast<double>(took);
    const double left = static_cast<double>(std::max<std::int64_t>(0, last.available)) / perMs;
    constexpr double Century = 100.0 * 365 * 86'400'000; // beyond it the answer means "never"
    if (left > Century)
        return std::nullopt;
    return last.atMs + static_cast<EpochMs>(left);
}

} // namespace norikv::models
