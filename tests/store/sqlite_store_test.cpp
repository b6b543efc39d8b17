#include "store/sqlite_store.h"

#include "core/failure.h"
#include "tests/store/contract.h"
#include "tests/store/temporary_dir.h"

#include <catch2/catch.hpp>
#include <sys/resource.h>
#include <sys/stat.h>

#include <csignal>
#include <filesystem>
#include <fstream>

using namespace slipway;
using namespace slipway::store;

namespace {

mode_t mode_of(const std::string& path) {
  struct stat found{};
  REQUIRE(stat(path.c_str(), &found) == 0);
  return found.st_mode & 0777;
}

void add_job(Store& store, std::string lane) {
  store.transact(
      [&](Transaction& in) { in.jobs.add({.kind = "plan", .lane = lane, .payload = {}, .due = at(0)}); });
}

std::size_t waiting(const Store& store) {
  std::size_t count = 0;
  store.read([&](const Snapshot& in) { count = in.jobs.count(JobState::Waiting); });
  return count;
}

/// Files of this process can't grow beyond a size for a while, as on a disk that is full.
class FullDisk {
 public:
  explicit FullDisk(rlim_t bytes) {
    handler_ = std::signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit full{bytes, before_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &full);
  }
  FullDisk(const FullDisk&) = delete;
  FullDisk& operator=(const FullDisk&) = delete;
  ~FullDisk() {
    setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }

 private:
  rlimit before_{};
  void (*handler_)(int);
};

}  // namespace

TEST_CASE("what was written is there after a restart") {
  const TemporaryDir dir;
  {
    const auto store = open_sqlite(dir / "data");
    add_job(*store, "a");
    record(*store, delivery("d-1"));
    store->blobs().put("0a1b2c", Sealed::stored("bytes"));
  }
  const auto store = open_sqlite(dir / "data");
  CHECK(waiting(*store) == 1);
  CHECK(record(*store, delivery("d-1")) == Recorded::Seen);
  CHECK(store->blobs().get("0a1b2c").bytes() == "bytes");
}

TEST_CASE("what was committed is there after the process was killed") {
  const TemporaryDir dir;
  const auto store = open_sqlite(dir / "data");
  add_job(*store, "a");
  record(*store, delivery("d-1"));
  // The files as they lie on disk now are what a killed process leaves, its write-ahead log with them.
  std::filesystem::create_directory(dir / "left");
  for (const char* file : {"slipway.db", "slipway.db-wal"}) {
    std::filesystem::copy_file(dir / "data/" + file, dir / "left/" + file);
  }
  const auto looking = open_sqlite(dir / "left", Access::ReadOnly);
  CHECK(waiting(*looking) == 1);
  const auto next = open_sqlite(dir / "left");
  CHECK(waiting(*next) == 1);
  CHECK(record(*next, delivery("d-1")) == Recorded::Seen);
  CHECK(next->check_integrity().empty());
}

TEST_CASE("the data directory and its files are nobody else's to read") {
  const TemporaryDir dir;
  const std::string data = dir / "made/on the way/data";
  std::filesystem::create_directories(data);
  std::filesystem::permissions(data, std::filesystem::perms::all);
  const auto store = open_sqlite(data);
  add_job(*store, "a");
  CHECK(mode_of(data) == 0700);
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(data)) {
    if (!entry.is_regular_file()) continue;
    ++files;
    CAPTURE(entry.path());
    CHECK(mode_of(entry.path()) == 0600);
  }
  CHECK(files == 4);  // the database, its log, the log's index, the lock
}

TEST_CASE("a second server on one data directory is refused, until the first has ended") {
  const TemporaryDir dir;
  {
    const auto first = open_sqlite(dir / "data");
    CHECK_THROWS_WITH(open_sqlite(dir / "data"), Catch::Contains("process " + std::to_string(getpid())) &&
                                                     Catch::Contains("one server"));
    add_job(*first, "a");
  }
  CHECK(waiting(*open_sqlite(dir / "data")) == 1);
}

TEST_CASE("a command can look beside a running server, and see what it does next") {
  const TemporaryDir dir;
  const auto server = open_sqlite(dir / "data");
  add_job(*server, "a");
  const auto command = open_sqlite(dir / "data", Access::ReadOnly);
  CHECK(waiting(*command) == 1);
  add_job(*server, "b");
  CHECK(waiting(*command) == 2);
  CHECK(command->check_integrity().empty());
  CHECK_THROWS_WITH(add_job(*command, "c"), Catch::Contains("reading only"));
  CHECK(record(*command, delivery("d-1")) == Recorded::Failed);
  CHECK_FALSE(command->health().writable);
}

TEST_CASE("a command can write some rows beside a running server") {
  const TemporaryDir dir;
  const auto server = open_sqlite(dir / "data");
  record(*server, delivery("d-1"));
  server->transact(
      [](Transaction& in) { in.inbox.handled(in.inbox.pending(1).front().sequence, "ignored: a test"); });
  const auto command = open_sqlite(dir / "data", Access::Visit);
  command->transact([](Transaction& in) { CHECK(in.inbox.reopen("d-1")); });
  CHECK(record(*command, delivery("d-2")) == Recorded::New);
  std::size_t pending = 0;
  server->read([&](const Snapshot& in) { pending = in.inbox.pending(10).size(); });
  CHECK(pending == 2);
}

TEST_CASE("a command can look when no server runs, and leaves the log of a killed one to the next") {
  const TemporaryDir dir;
  {
    add_job(*open_sqlite(dir / "data"), "a");
  }
  CHECK(waiting(*open_sqlite(dir / "data", Access::ReadOnly)) == 1);
  CHECK(waiting(*open_sqlite(dir / "data")) == 1);
}

TEST_CASE("a command says so when there is no database") {
  const TemporaryDir dir;
  for (const Access access : {Access::Visit, Access::ReadOnly}) {
    CHECK_THROWS_WITH(open_sqlite(dir / "nothing", access), Catch::Contains("nothing/slipway.db"));
  }
  CHECK(std::filesystem::is_empty(dir.path()));
}

TEST_CASE("a file that is no database is refused") {
  const TemporaryDir dir;
  std::filesystem::create_directory(dir / "data");
  std::ofstream(dir / "data/slipway.db") << std::string(10'000, 'x');
  CHECK_THROWS_WITH(open_sqlite(dir / "data"), Catch::Contains("damaged"));
}

TEST_CASE("a damaged database is found out") {
  const TemporaryDir dir;
  {
    add_job(*open_sqlite(dir / "data"), "a");
  }
  {
    std::fstream file(dir / "data/slipway.db", std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(static_cast<std::streamoff>(std::filesystem::file_size(dir / "data/slipway.db")) - 4096);
    file << std::string(4096, '\xee');
  }
  const auto store = open_sqlite(dir / "data", Access::ReadOnly);
  CHECK_FALSE(store->check_integrity().empty());
}

TEST_CASE("a full disk makes nothing half done, and is over when there is room again") {
  const TemporaryDir dir;
  const auto store = open_sqlite(dir / "data");
  add_job(*store, "a");
  {
    const FullDisk full(std::filesystem::file_size(dir / "data/slipway.db-wal"));
    CHECK_FALSE(store->health().writable);
    CHECK_THROWS_AS(add_job(*store, "b"), Failure);
    CHECK(record(*store, delivery("d-1", std::string(10'000, 'x'))) == Recorded::Failed);
    CHECK_THROWS_AS(store->blobs().put("0a1b2c", Sealed::stored(std::string(1'000'000, 'x'))), Failure);
    CHECK(waiting(*store) == 1);
  }
  CHECK(store->health().writable);
  add_job(*store, "b");
  CHECK(waiting(*store) == 2);
  CHECK(record(*store, delivery("d-1")) == Recorded::New);
  CHECK_FALSE(store->blobs().has("0a1b2c"));
  CHECK(store->check_integrity().empty());
}

TEST_CASE("the write-ahead log doesn't grow with what was written") {
  const TemporaryDir dir;
  const auto store = open_sqlite(dir / "data");
  const std::string wal = dir / "data/slipway.db-wal";
  std::uintmax_t longest = 0;
  // 240 MB of log if nobody copied it; incompressible, or the bodies would vanish.
  std::string body(40'000, '\0');
  for (int i = 0; i < 3'000; ++i) {
    for (std::size_t byte = 0; byte < body.size(); byte += 8) {
      const std::uint64_t noise =
          (static_cast<std::uint64_t>(i) * body.size() + byte + 1) * 0x9e3779b97f4a7c15ULL;
      body.replace(byte, 8, reinterpret_cast<const char*>(&noise), 8);
    }
    store->record(delivery("d-" + std::to_string(i), body), [](Recorded) {});
    if (i % 100 == 99) {
      record(*store, delivery("w-" + std::to_string(i)));
      longest = std::max(longest, std::filesystem::file_size(wal));
    }
  }
  CHECK(longest < 100'000'000);
}
