// SPDX-License-Identifier: GPL-3.0-or-later
// The catalogue's file: who may read it, and what happens when it is not what it should be.
#include "models/catalogue.h"

#include "client/placement.h"
#include "tests/support/fakeclock.h"
#include "tests/support/matchers.h"

#include <QTemporaryDir>

#include <gmock/gmock.h>
#include <sqlite3.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <random>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>

namespace norikv::models {
namespace {

namespace fs = std::filesystem;
using client::Bytes;
using client::ErrorKind;
using norikv::test::failsWith;
using norikv::test::FakeClock;
using norikv::test::succeeds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class CatalogueFileTest : public testing::Test {
protected:
    QTemporaryDir temporary;
    fs::path folder = fs::path(temporary.path().toStdString()) / "catalogue";
    fs::path file = folder / "prod.sqlite";
    FakeClock clock;
    std::vector<QString> notices;

    std::unique_ptr<Catalogue> open(std::string id = "prod")
    {
        auto catalogue = std::make_unique<Catalogue>(Catalogue::Where{folder.string(), std::move(id)}, clock);
        catalogue->onNotice([this](const QString& text) { notices.push_back(text); });
        return catalogue;
    }
    void fill(int keys)
    {
        const auto catalogue = open();
        std::vector<Bytes> names;
        for (int i = 0; i < keys; ++i)
            names.push_back("key:" + std::to_string(100'000 + i));
        ASSERT_THAT(catalogue->add(names), succeeds());
        ASSERT_THAT(catalogue->favourite(names.front(), true), succeeds());
        ASSERT_THAT(catalogue->note(names.front(), "mine"), succeeds());
    }
    static std::vector<Bytes> keysOf(Catalogue& catalogue)
    {
        std::vector<Bytes> keys;
        EXPECT_THAT(catalogue.load([&](const KnownKey& row) {
            keys.push_back(row.key);
            return true;
        }),
            succeeds());
        return keys;
    }
    std::vector<fs::path> beside(const std::string& part) const
    {
        std::vector<fs::path> found;
        for (const auto& entry : fs::directory_iterator(folder)) {
            const auto name = entry.path().filename().string();
            if (name.find(part) != std::string::npos && !name.ends_with("-wal") && !name.ends_with("-shm"))
                found.push_back(entry.path());
        }
        return found;
    }
    static std::string bytesOf(const fs::path& path)
    {
        std::ifstream in(path, std::ios::binary);
        return {std::istreambuf_iterator<char>(in), {}};
    }
    static void write(const fs::path& path, const std::string& bytes)
    {
        fs::create_directories(path.parent_path());
        std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
    }
    static void sql(const fs::path& path, const char* text)
    {
        sqlite3* database = nullptr;
        ASSERT_EQ(sqlite3_open(path.c_str(), &database), SQLITE_OK);
        EXPECT_EQ(sqlite3_exec(database, text, nullptr, nullptr, nullptr), SQLITE_OK)
            << sqlite3_errmsg(database);
        sqlite3_close(database);
    }
    static unsigned mode(const fs::path& path)
    {
        struct stat info { };
        EXPECT_EQ(::lstat(path.c_str(), &info), 0) << path;
        return info.st_mode & 0777U;
    }
    // Whatever was done to the file: it opens, takes a key and tells it.
    void expectUsable()
    {
        const auto catalogue = open();
        EXPECT_THAT(catalogue->add({"zz:new"}), succeeds());
        const auto keys = keysOf(*catalogue);
        EXPECT_THAT(keys, testing::Contains("zz:new"));
    }
};

TEST_F(CatalogueFileTest, isForItsOwnerAlone)
{
    const auto before = ::umask(0);
    {
        const auto catalogue = open();
        ASSERT_THAT(catalogue->add({"a"}), succeeds());
        EXPECT_EQ(mode(folder), 0700U);
        for (const char* part : {"", "-wal", "-shm"})
            EXPECT_EQ(mode(file.string() + part), 0600U) << part;
    }
    ::umask(before);
    // One that was opened to others is closed again.
    fs::permissions(file, fs::perms(0644));
    fs::permissions(folder, fs::perms(0755));
    ASSERT_THAT(open()->add({"b"}), succeeds());
    EXPECT_EQ(mode(file), 0600U);
    EXPECT_EQ(mode(folder), 0700U);
}

TEST_F(CatalogueFileTest, hasTheAgreedSchema)
{
    fill(1);
    sqlite3* database = nullptr;
    ASSERT_EQ(sqlite3_open(file.c_str(), &database), SQLITE_OK);
    std::string said;
    const auto collect = [](void* to, int, char** values, char**) {
        *static_cast<std::string*>(to) += std::string(values[0]) + "|";
        return 0;
    };
    ASSERT_EQ(sqlite3_exec(database,
                  "PRAGMA user_version; PRAGMA journal_mode; SELECT name FROM pragma_table_info('key')",
                  collect, &said, nullptr),
        SQLITE_OK);
    EXPECT_EQ(said,
        "1|wal|key|shard|kind|size|version_term|version_index|value_hash|first_seen_ms|last_seen_ms|expires_"
        "at_ms|"
        "ttl_provenance|favourite|note|");
    sqlite3_close(database);
}

TEST_F(CatalogueFileTest, anIdNeverLeavesTheFolder)
{
    EXPECT_EQ(fileSafe("prod-1_a.b"), "prod-1_a.b");
    EXPECT_EQ(fileSafe("../../etc/passwd"), "%2E.%2F..%2Fetc%2Fpasswd");
    EXPECT_EQ(fileSafe(""), "%");
    EXPECT_EQ(fileSafe(".."), "%2E.");
    EXPECT_EQ(fileSafe(std::string("a\0b", 3)), "a%00b");
    EXPECT_NE(fileSafe("a/b"), fileSafe("a%2Fb"));
    const auto longest = fileSafe(std::string(5000, 'x'));
    EXPECT_LE(longest.size(), 130U);
    EXPECT_NE(longest, fileSafe(std::string(5001, 'x')));
    ASSERT_THAT(open("../outside")->add({"a"}), succeeds());
    EXPECT_TRUE(fs::exists(folder / "%2E.%2Foutside.sqlite"));
}

TEST_F(CatalogueFileTest, damageIsMovedAsideAndWhatCanBeReadIsTakenOver)
{
    fill(20'000);
    // A page in the middle: what comes before it can still be read.
    auto bytes = bytesOf(file);
    ASSERT_GT(bytes.size(), 500'000U);
    std::fill_n(bytes.begin() + 400 * 1024, 64 * 1024, '\xA5');
    write(file, bytes);
    const auto catalogue = open();
    const auto keys = keysOf(*catalogue);
    EXPECT_GT(keys.size(), 1000U);
    EXPECT_LT(keys.size(), 20'000U);
    ASSERT_THAT(notices, SizeIs(1));
    EXPECT_THAT(notices.front().toStdString(), HasSubstr("prod.sqlite.corrupt-20231114-221320"));
    const auto aside = beside(".corrupt-");
    ASSERT_THAT(aside, SizeIs(1));
    EXPECT_EQ(bytesOf(aside.front()), bytes);
    EXPECT_EQ(mode(aside.front()) & 0077U, 0U);
    const auto marked = catalogue->find("key:100000");
    ASSERT_THAT(marked, succeeds());
    ASSERT_TRUE(*marked);
    EXPECT_EQ((*marked)->note, "mine");
    EXPECT_THAT(catalogue->add({"zz"}), succeeds());
}

TEST_F(CatalogueFileTest, noDatabaseAtAll)
{
    for (const std::string& bytes :
        {std::string("hello"), std::string(200'000, '\0'), std::string("SQLite format 3\0", 16)}) {
        fs::remove_all(folder);
        notices.clear();
        write(file, bytes);
        expectUsable();
        EXPECT_THAT(notices, SizeIs(1)) << bytes.size();
        EXPECT_THAT(beside(".corrupt-"), SizeIs(1));
    }
}

TEST_F(CatalogueFileTest, anEmptyFileIsFilledWithoutAWord)
{
    write(file, "");
    expectUsable();
    EXPECT_THAT(notices, IsEmpty());
}

TEST_F(CatalogueFileTest, somebodyElsesDatabaseIsNotOurs)
{
    for (const char* schema : {"CREATE TABLE other (a); PRAGMA user_version = 1",
             "CREATE TABLE key (key BLOB PRIMARY KEY); PRAGMA user_version = 1",
             "CREATE VIEW key AS SELECT 1 AS key; PRAGMA user_version = 1", "CREATE TABLE key (a)"}) {
        fs::remove_all(folder);
        notices.clear();
        fs::create_directories(folder);
        sql(file, schema);
        expectUsable();
        EXPECT_THAT(notices, SizeIs(1)) << schema;
    }
}

TEST_F(CatalogueFileTest, aTriggerInItIsNotRun)
{
    fill(1);
    sql(file, "CREATE TRIGGER t AFTER INSERT ON key BEGIN DELETE FROM key; END");
    expectUsable();
    EXPECT_THAT(notices, SizeIs(1));
}

TEST_F(CatalogueFileTest, aNewerVersionIsMovedAsideUntouched)
{
    fill(3);
    sql(file,
        "PRAGMA journal_mode = DELETE; ALTER TABLE key ADD COLUMN colour TEXT; PRAGMA user_version = 2");
    const auto bytes = bytesOf(file);
    expectUsable();
    ASSERT_THAT(notices, SizeIs(1));
    EXPECT_THAT(notices.front().toStdString(), HasSubstr("newer version"));
    const auto aside = beside(".newer-");
    ASSERT_THAT(aside, SizeIs(1));
    EXPECT_EQ(bytesOf(aside.front()), bytes);
}

TEST_F(CatalogueFileTest, plantedLinksAreNotFollowed)
{
    const fs::path victim = fs::path(temporary.path().toStdString()) / "victim";
    for (const char* part : {"", "-wal", "-shm"}) {
        fs::remove_all(folder);
        fs::create_directories(folder);
        write(victim, "precious");
        fs::create_symlink(victim, file.string() + part);
        expectUsable();
        EXPECT_EQ(bytesOf(victim), "precious") << part;
        EXPECT_FALSE(fs::is_symlink(file));
    }
}

TEST_F(CatalogueFileTest, aFolderOrAPipeInItsPlaceIsMovedAside)
{
    fs::create_directories(file);
    expectUsable();
    fs::remove_all(folder);
    fs::create_directories(folder);
    ASSERT_EQ(::mkfifo(file.c_str(), 0600), 0);
    expectUsable();
}

// trust R9: never a crash, always a usable catalogue.
TEST_F(CatalogueFileTest, twoHundredSeededCorruptions)
{
    fill(800);
    const auto whole = bytesOf(file);
    int noticed = 0;
    for (unsigned seed = 0; seed < 200; ++seed) {
        SCOPED_TRACE(seed);
        std::mt19937 random(seed);
        const auto upTo
            = [&](std::size_t n) { return std::uniform_int_distribution<std::size_t>(0, n - 1)(random); };
        auto bytes = whole;
        switch (seed % 8) {
        case 0: // cut off
            bytes.resize(upTo(bytes.size()));
            break;
        case 1: // a page of nothing
            std::fill_n(bytes.begin() + std::ptrdiff_t(4096 * upTo(bytes.size() / 4096)), 4096, '\0');
            break;
        case 2: // one bit
            bytes[upTo(bytes.size())] ^= char(1U << upTo(8));
            break;
        case 3: // random bytes
            for (std::size_t i = upTo(bytes.size() - 64), n = 0; n < 64; ++n)
                bytes[i + n] = char(upTo(256));
            break;
        case 4: // in the header
            bytes[upTo(100)] = char(upTo(256));
            break;
        case 5: // in the schema's page
            for (int n = 0; n < 8; ++n)
                bytes[100 + upTo(3996)] = char(upTo(256));
            break;
        case 6: // pages changed places
            std::swap_ranges(bytes.begin() + 4096, bytes.begin() + 8192,
                bytes.begin() + std::ptrdiff_t(4096 * (2 + upTo(bytes.size() / 4096 - 2))));
            break;
        default: // doubled
            bytes += bytes.substr(upTo(bytes.size()));
            break;
        }
        fs::remove_all(folder);
        write(file, bytes);
        if (seed % 3 == 0)
            write(file.string() + "-wal", whole.substr(0, upTo(whole.size())));
        notices.clear();
        expectUsable();
        EXPECT_LE(notices.size(), 1U);
        if (notices.empty())
            continue;
        // And once more: what was repaired stays so.
        ++noticed;
        notices.clear();
        expectUsable();
        EXPECT_THAT(notices, IsEmpty());
    }
    EXPECT_GT(noticed, 80);
}

// Disk full in earnest where a small file system can be mounted, else as near as a process comes to it.
class SmallDisk {
public:
    explicit SmallDisk(const fs::path& at, const char* size)
        : m_at(at)
    {
        fs::create_directories(at);
        m_mounted = ::mount("none", at.c_str(), "tmpfs", 0, size) == 0;
        if (m_mounted)
            return;
        m_before = std::signal(SIGXFSZ, SIG_IGN);
        ::getrlimit(RLIMIT_FSIZE, &m_limit);
    }
    ~SmallDisk()
    {
        free();
        if (m_mounted)
            ::umount2(m_at.c_str(), MNT_DETACH);
        else
            std::signal(SIGXFSZ, m_before);
    }
    void fill()
    {
        if (m_mounted) {
            std::ofstream ballast(m_at / "ballast", std::ios::binary);
            const std::string block(4096, 'b');
            while (ballast.write(block.data(), 4096).flush())
                ;
            return;
        }
        rlimit small{16 * 1024, m_limit.rlim_max};
        ::setrlimit(RLIMIT_FSIZE, &small);
    }
    void free()
    {
        if (m_mounted)
            fs::remove(m_at / "ballast");
        else
            ::setrlimit(RLIMIT_FSIZE, &m_limit);
    }

private:
    const fs::path m_at;
    bool m_mounted = false;
    rlimit m_limit{};
    void (*m_before)(int) = nullptr;
};

TEST_F(CatalogueFileTest, aFullDiskRefusesLosesNothingAndWorksAgainLater)
{
    SmallDisk disk(folder, "size=4m");
    std::vector<Bytes> more;
    for (int i = 0; i < 40'000; ++i)
        more.push_back("more:" + std::to_string(i) + Bytes(50, 'x'));
    {
        const auto catalogue = open();
        ASSERT_THAT(catalogue->add({"kept:1", "kept:2"}), succeeds());
        ASSERT_THAT(catalogue->note("kept:1", "mine"), succeeds());
        disk.fill();
        const auto refused = catalogue->add(more);
        ASSERT_FALSE(refused);
        EXPECT_THAT(refused.error().message, testing::AnyOf(HasSubstr("full"), HasSubstr("I/O")));
        // What is stored can be read meanwhile, and a sighting waits.
        const auto kept = catalogue->find("kept:1");
        ASSERT_THAT(kept, succeeds());
        ASSERT_TRUE(*kept);
        EXPECT_EQ((*kept)->note, "mine");
        disk.free();
        EXPECT_THAT(catalogue->add({"later"}), succeeds());
        EXPECT_THAT(notices, IsEmpty()); // the person was answered
    }
    const auto keys = keysOf(*open());
    EXPECT_THAT(keys, testing::IsSupersetOf({"kept:1", "kept:2", "later"}));
    EXPECT_THAT(notices, IsEmpty());
}

TEST_F(CatalogueFileTest, onAFullDiskSightingsWaitAndOneSentenceIsSaid)
{
    SmallDisk disk(folder, "size=8m");
    const auto catalogue = open();
    catalogue->setKeeps(Catalogue::Keeps::Everything);
    ASSERT_THAT(catalogue->add({"kept"}), succeeds());
    disk.fill();
    std::vector<client::Sighting> sightings(3000);
    for (std::size_t i = 0; i < sightings.size(); ++i) {
        sightings[i].entry.key = "seen:" + std::to_string(i) + Bytes(200, 'x');
        sightings[i].entry.version = client::Version{0, 1};
    }
    catalogue->seen(sightings);
    EXPECT_FALSE(catalogue->flush());
    EXPECT_FALSE(catalogue->flush());
    ASSERT_THAT(notices, SizeIs(1));
    EXPECT_THAT(notices.front().toStdString(), HasSubstr("cannot be written"));
    disk.free();
    EXPECT_THAT(catalogue->flush(), succeeds());
    EXPECT_EQ(catalogue->counts()->keys, 1U + 3000U);
}

TEST_F(CatalogueFileTest, whereNothingCanBeMadeItSaysSoOnceAndStaysAlive)
{
    write(folder, "a file where the folder should be");
    const auto catalogue = open();
    EXPECT_THAT(catalogue->favourite("k", true), failsWith(ErrorKind::Server));
    EXPECT_FALSE(catalogue->load([](const KnownKey&) { return true; }));
    client::Sighting sighting;
    sighting.entry.key = "k";
    catalogue->seen({&sighting, 1});
    EXPECT_FALSE(catalogue->flush());
    EXPECT_THAT(notices, SizeIs(1));
    fs::remove(folder);
    EXPECT_THAT(catalogue->favourite("k", true), succeeds());
}

} // namespace
} // namespace norikv::models
