// SPDX-License-Identifier: GPL-3.0-or-later
// A rate limit's window: room left, full, and with a clock that is ahead.
#include "tests/golden/goldenfixture.h"

#include "widgets/windowstrip.h"

using namespace norikv;
using test::looksLike;
using widgets::ThemePreference;

namespace {

constexpr EpochMs Now = 1'700'000'000'000;

models::RateLimitRow row(const std::vector<EpochMs>& secondsAgo, std::uint32_t most)
{
    client::Entry entry;
    entry.key = "ratelimit:api:acme";
    entry.version = client::Version{0, 1};
    entry.value = "[";
    for (const EpochMs ago : secondsAgo)
        entry.value += (entry.value.size() > 1 ? "," : "") + std::to_string(Now - ago * 1000);
    entry.value += "]";
    models::RateLimitRow made;
    made.key = entry.key;
    made.reading = client::readRateLimit(entry, {{most, 60'000}, true, "api:"}, {}, Now);
    return made;
}

class GoldenLimits : public test::ThemedPicture {
protected:
    void paints(const models::RateLimitRow& shown, const char* name)
    {
        widgets::WindowStrip strip(theme());
        strip.setRow(shown, Now);
        show(strip, 640, strip.sizeHint().height());
        EXPECT_TRUE(looksLike(strip, named(name)));
    }
};

TEST_P(GoldenLimits, RoomLeft) { paints(row({58, 51, 44, 43, 42, 30, 21, 20, 9, 3}, 16), "limits-room"); }

TEST_P(GoldenLimits, Full) { paints(row({50, 41, 33, 32, 31, 12, 8, 2}, 8), "limits-full"); }

TEST_P(GoldenLimits, AClockAhead) { paints(row({50, -25, 33, 31, 12, -24}, 8), "limits-ahead"); }

INSTANTIATE_TEST_SUITE_P(Theme, GoldenLimits, testing::Values(ThemePreference::Light, ThemePreference::Dark),
    [](const auto& tested) { return tested.param == ThemePreference::Dark ? "Dark" : "Light"; });

} // namespace
