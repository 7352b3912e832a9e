// SPDX-License-Identifier: GPL-3.0-or-later
// The smallest pattern there can be: keys that begin with "note:". What is tested on it holds for every
// pattern.
#pragma once

#include "models/patternfeed.h"
#include "tests/models/feedfixture.h"

#include <algorithm>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace norikv::test {

/// Tells each thing that it hears as one word.
class NoteBook final : public models::EntryBook {
public:
    using Queue = models::ChunkQueue<std::string>;
    explicit NoteBook(std::shared_ptr<Queue> queue)
        : m_queue(std::move(queue))
    {
    }
    void put(const client::Entry& entry, const models::FollowStatus&) override
    {
        m_keys.insert(entry.key);
        m_words.push_back("put " + entry.key + "=" + entry.value);
    }
    void gone(const client::Bytes& key, Gone how, const models::FollowStatus&) override
    {
        if (m_keys.erase(key) > 0 || how != Gone::Missing)
            m_words.push_back("gone " + key);
    }
    void listed(const std::function<bool(std::string_view)>& listed, const models::FollowStatus&) override
    {
        std::erase_if(m_keys, [&](const client::Bytes& key) { return !listed(key); });
        std::string words = "listed";
        for (const client::Bytes& key : m_keys)
            words += " " + key;
        m_words.push_back(std::move(words));
    }
    void interrupted() override { m_words.emplace_back("interrupted"); }
    void publish(const models::FollowStatus&) override
    {
        if (!m_words.empty())
            m_queue->push(std::exchange(m_words, {}));
    }

private:
    const std::shared_ptr<Queue> m_queue;
    std::set<client::Bytes> m_keys;
    std::vector<std::string> m_words;
};

class NoteFeed final : public models::PatternFeed {
public:
    NoteFeed(models::Dispatcher& dispatcher, client::Connection& connection, const Clock& clock,
        models::EntryFollower::KnownKeys known)
        : PatternFeed(dispatcher, connection, clock, nullptr)
    {
        auto queue = std::make_shared<NoteBook::Queue>();
        auto book = std::make_shared<NoteBook>(queue);
        follow<std::string>({{"note:"}, {"note:named"}, "notes"}, std::move(known), std::move(book),
            std::move(queue), [this](std::string word) { words.push_back(std::move(word)); });
    }
    void write(const client::Bytes& key, const client::Bytes& value)
    {
        Action<client::Version> action;
        action.name = QStringLiteral("write the note");
        action.work = [key, value](client::Store& store, client::Call& call) {
            client::Put put;
            put.key = key;
            put.value = value;
            return store.put(call, put);
        };
        action.said = [](const client::Version&) { return QStringLiteral("It is written."); };
        action.repeat = [this, key, value] { write(key, value); };
        action.check = [this] { succeeded(QStringLiteral("check"), QStringLiteral("It is there.")); };
        act(std::move(action));
    }
    bool heard(const char* word) const { return std::ranges::find(words, word) != words.end(); }

    std::vector<std::string> words;
};

struct NoteBench : test::Bench {
    std::unique_ptr<NoteFeed> feed;
    std::vector<models::Outcome> outcomes;

    ~NoteBench() { feed.reset(); }
    void start(models::EntryFollower::KnownKeys known = {})
    {
        store.idle = [this] {
            clock.advance(std::chrono::milliseconds(20)); // news are told four times a second
            std::this_thread::sleep_for(std::chrono::milliseconds(2)); // as a server that has nothing to tell
        };
        open();
        feed = std::make_unique<NoteFeed>(*dispatcher, *connection, clock, std::move(known));
        QObject::connect(feed.get(), &models::PatternFeed::acted,
            [this](const models::Outcome& outcome) { outcomes.push_back(outcome); });
    }
    bool hears(const char* word)
    {
        return waitFor([&] { return feed->heard(word); });
    }
    bool acted(std::size_t times)
    {
        return waitFor([&] { return outcomes.size() == times; });
    }
};

} // namespace norikv::test
