// SPDX-License-Identifier: GPL-3.0-or-later
// The tenants page and its inspector over a store in memory, shown together.
#pragma once

#include "tests/models/feedfixture.h"

#include "models/tenantfeed.h"
#include "widgets/noticebar.h"
#include "widgets/tenantcard.h"
#include "widgets/tenantinspector.h"
#include "widgets/tenantspage.h"
#include "widgets/theme.h"

#include <QLabel>

namespace norikv::test {

using client::Bytes;
using models::FeedState;
using models::TenantFeed;
using widgets::TenantCards;
using widgets::TenantInspector;
using widgets::TenantsPage;
using widgets::Theme;
using widgets::ThemePreference;

inline Bytes record(
    const std::string& name, const std::string& plan = "free", const std::string& maxKeys = "10")
{
    return R"({"id":"x","name":")" + name + R"(","plan":")" + plan
        + R"(","createdAt":1717142400000,"limits":{"maxKeys":)" + maxKeys + R"(,"maxStorageMB":10}})";
}

struct TenantBench : Bench {
    Theme theme{ThemePreference::Light};
    std::unique_ptr<TenantFeed> feed;
    std::unique_ptr<TenantsPage> page;
    std::unique_ptr<TenantInspector> inspector;

    TenantBench() { theme.setReducedMotion(true); }
    ~TenantBench()
    {
        inspector.reset();
        page.reset();
        feed.reset();
    }
    void plant(const Bytes& id, int keys, const Bytes& metadata)
    {
        if (!metadata.empty())
            store.plant("tenant-meta:" + id, metadata);
        for (int i = 0; i < keys; ++i)
            store.plant("tenant:" + id + ":k" + std::to_string(i), "v");
    }
    void three()
    {
        plant("acme", 9, record("Acme Corp"));
        plant("globex", 2, record("Globex", "pro", "100000"));
        plant("initech", 3, record("Initech", "enterprise", "null"));
    }
    void start()
    {
        store.idle = [this] {
            clock.advance(std::chrono::milliseconds(300));
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        };
        open();
        feed = std::make_unique<TenantFeed>(*dispatcher, *connection, clock);
        page = std::make_unique<TenantsPage>(*feed, theme);
        page->resize(800, 600);
        page->show();
        inspector = std::make_unique<TenantInspector>(*feed, theme);
        inspector->resize(300, 800);
        inspector->show();
    }
    [[nodiscard]] bool shows(std::size_t tenants)
    {
        return waitFor([&] {
            return feed->state() == FeedState::Ready && feed->tenants().size() == tenants
                && (tenants == 0 || cards().model()->rowCount() == int(tenants));
        });
    }
    TenantCards& cards() { return *page->findChild<TenantCards*>(); }
    QString cardName(int row) { return cards().model()->index(row, 0).data().toString(); }
    template <class T> T* inPage(const char* name) { return page->findChild<T*>(QLatin1String(name)); }
    template <class T> T* inInspector(const char* name)
    {
        return inspector->findChild<T*>(QLatin1String(name));
    }
    QString notice() { return page->notices().text(); }
    bool says(const QString& part)
    {
        const auto labels = page->findChildren<QLabel*>();
        return std::ranges::any_of(
            labels, [&](QLabel* label) { return label->isVisible() && label->text().contains(part); });
    }
};

} // namespace norikv::test
