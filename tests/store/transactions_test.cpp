#include "core/failure.h"
#include "tests/store/contract.h"
#include "tests/store/failing_connection.h"

#include <catch2/catch.hpp>

#include <future>
#include <thread>

using namespace slipway;
using namespace slipway::store;

namespace {

NewJob job(std::string lane) {
  return {.kind = "plan", .lane = std::move(lane), .payload = {}, .due = at(0)};
}

std::size_t waiting(const AnyStore& store) {
  return store.read([](const Snapshot& in) { return in.jobs.count(JobState::Waiting); });
}

/// Adds a job in a transaction that `end` ends.
template <class End>
void add_then(const AnyStore& store, End end) {
  store->transact([&](Transaction& in) {
    in.jobs.add(job("a"));
    end(in);
  });
}

}  // namespace

TEST_CASE("a transaction that throws leaves nothing, and what it threw comes out") {
  const AnyStore store = any_store();
  CHECK_THROWS_WITH(add_then(store, [](Transaction&) { throw Failure("no"); }), "no");
  struct SomethingElse {};
  CHECK_THROWS_AS(add_then(store, [](Transaction&) { throw SomethingElse(); }), SomethingElse);
  CHECK(waiting(store) == 0);
  add_then(store, [](Transaction&) {});
  CHECK(waiting(store) == 1);
}

TEST_CASE("a transaction sees what it wrote, others only what was committed") {
  const AnyStore store = any_store();
  if (!store.has_threads()) return;
  add_then(store, [&](Transaction& in) {
    CHECK(in.jobs.count(JobState::Waiting) == 1);
    CHECK(waiting(store) == 0);
  });
  CHECK(waiting(store) == 1);
}

TEST_CASE("a transaction inside of a transaction is a bug, and said to be one instead of waiting for ever") {
  const AnyStore store = any_store();
  CHECK_THROWS_AS(add_then(store, [&](Transaction&) { add_then(store, [](Transaction&) {}); }),
                  std::logic_error);
  CHECK(waiting(store) == 0);
}

TEST_CASE("a transaction can be looked through like a snapshot") {
  const AnyStore store = any_store();
  add_then(store, [](Transaction& in) {
    const Snapshot snapshot = in;
    CHECK(snapshot.jobs.count(JobState::Waiting) == 1);
  });
}

TEST_CASE("a snapshot stays the same while others write, and stops none of them") {
  const AnyStore store = any_store();
  if (!store.has_threads()) return;
  store->read([&](const Snapshot& in) {
    CHECK(in.jobs.count(JobState::Waiting) == 0);
    std::thread([&] {
      add_then(store, [](Transaction&) {});
    }).join();  // would never end if the reader held it up
    CHECK(in.jobs.count(JobState::Waiting) == 0);
  });
  CHECK(waiting(store) == 1);
}

TEST_CASE("more readers than there are connections wait for each other") {
  const AnyStore store = any_store();
  add_then(store, [](Transaction&) {});
  std::vector<std::future<std::size_t>> readers;
  for (int i = 0; i < 16; ++i)
    readers.push_back(std::async(std::launch::async, [&] { return waiting(store); }));
  for (auto& reader : readers) CHECK(reader.get() == 1);
}

TEST_CASE("a reader that throws gives its connection back") {
  const AnyStore store = any_store();
  for (int i = 0; i < 10; ++i) {
    CHECK_THROWS_AS(store->read([](const Snapshot&) { throw Failure("no"); }), Failure);
  }
  CHECK(waiting(store) == 0);
}

TEST_CASE("transactions of many threads follow each other, and none is lost") {
  const AnyStore store = any_store();
  store->transact([](Transaction& in) { in.pulls.save_repo({kRepo, "main", "", "0", at(0)}); });
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      for (int n = 0; n < 10; ++n) {
        store->transact([](Transaction& in) {
          RepoRow row = *in.pulls.repo(kRepo, "main");
          row.seen = std::to_string(std::stoi(row.seen) + 1);
          in.pulls.save_repo(row);
        });
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(store.read([](const Snapshot& in) { return in.pulls.repo(kRepo, "main"); })->seen == "80");
}

TEST_CASE("a healthy store says so, and leaves no trace of being asked") {
  const AnyStore store = any_store();
  CHECK(store->health().writable);
  CHECK(store->health().words == "ok");
  CHECK(store->check_integrity().empty());
}

TEST_CASE("a disk that takes no more is said, and forgotten when it does again") {
  Fault fault;
  const auto store = open_sqlite(":memory:", failing(fault));
  fault.crash_at(1);
  CHECK_FALSE(store->health().writable);
  CHECK(store->health().words == "the disk failed, as planned");
  CHECK(record(*store, delivery("d-1")) == Recorded::Failed);
  fault.heal();
  CHECK(store->health().writable);
  CHECK(record(*store, delivery("d-1")) == Recorded::New);
}

TEST_CASE("a write that was refused once can be repeated, and stands once") {
  Fault fault;
  const std::shared_ptr<Store> store = open_sqlite(":memory:", failing(fault));
  const AnyStore any({"", [&] { return store; }, false});
  for (std::int64_t n = 1; n <= 4; ++n) {
    fault.refuse(n);
    int tries = 0;
    for (bool done = false; !done;) {
      try {
        ++tries;
        add_then(any, [](Transaction& in) { in.jobs.add(job("b")); });
        done = true;
      } catch (const Failure&) {
      }
    }
    CHECK(tries == (n <= 3 ? 2 : 1));  // two rows and the commit
    fault.heal();
    CHECK(waiting(any) == static_cast<std::size_t>(2 * n));
  }
}
