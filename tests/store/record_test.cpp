#include "tests/store/contract.h"
#include "tests/store/failing_connection.h"
#include "tests/store/temporary_dir.h"

#include <catch2/catch.hpp>

#include <atomic>
#include <future>
#include <map>
#include <thread>

using namespace slipway;
using namespace slipway::store;

namespace {

std::size_t pending(const Store& store) {
  std::size_t count = 0;
  store.read([&](const Snapshot& in) { count = in.inbox.pending(100'000).size(); });
  return count;
}

}  // namespace

TEST_CASE("of a delivery that comes many times at once exactly one is new") {
  const AnyStore store = any_store();
  constexpr int kThreads = 8;
  constexpr int kDeliveries = 50;
  std::vector<std::atomic<int>> news(kDeliveries);
  std::atomic<int> answers = 0;
  std::vector<std::thread> threads;
  for (int thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([&] {
      for (int i = 0; i < kDeliveries; ++i) {
        if (record(*store, delivery("d-" + std::to_string(i))) == Recorded::New)
          ++news[static_cast<std::size_t>(i)];
        ++answers;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(answers == kThreads * kDeliveries);
  for (const auto& count : news) CHECK(count == 1);
  CHECK(pending(*store) == kDeliveries);
}

TEST_CASE("when the answer comes the delivery is there") {
  const AnyStore store = any_store();
  std::promise<bool> was_there;
  store->record(delivery("d-1"), [&](Recorded) {
    was_there.set_value(store.read([](const Snapshot& in) { return in.inbox.find("d-1"); }).has_value());
  });
  CHECK(was_there.get_future().get());
}

TEST_CASE("deliveries that arrive together share a commit") {
  const TemporaryDir dir;
  Fault fault;
  const auto store = open_sqlite(dir / "data", failing(fault));
  constexpr int kDeliveries = 500;
  std::atomic<int> answers = 0;
  const std::int64_t before = fault.writes();
  // While a transaction has the writer, what arrives must wait for it.
  store->transact([&](Transaction&) {
    for (int i = 0; i < kDeliveries; ++i) {
      store->record(delivery("d-" + std::to_string(i)), [&](Recorded) { ++answers; });
    }
  });
  while (answers < kDeliveries) store->wait_for_deliveries(std::chrono::milliseconds(100), {});
  const std::int64_t commits = (fault.writes() - before - kDeliveries) / 2;
  CHECK(commits <=
        6);  // ours, the first group (whatever was there when its thread looked), and two or three of 256
}

TEST_CASE("what was handed in is written before the store is closed") {
  const TemporaryDir dir;
  std::atomic<int> answers = 0;
  {
    const auto store = open_sqlite(dir / "data");
    for (int i = 0; i < 100; ++i) {
      store->record(delivery("d-" + std::to_string(i)),
                    [&](Recorded recorded) { answers += recorded == Recorded::New; });
    }
  }
  CHECK(answers == 100);
  CHECK(pending(*open_sqlite(dir / "data")) == 100);
}

TEST_CASE("when a group can't be written each sender hears that it failed, and nothing of it is there") {
  const TemporaryDir dir;
  Fault fault;
  const auto store = open_sqlite(dir / "data", failing(fault));
  std::map<std::string, std::promise<Recorded>> answers;
  store->transact([&](Transaction&) {
    for (const char* id : {"a", "b", "c"}) {
      store->record(delivery(id), [&answer = answers[id]](Recorded recorded) { answer.set_value(recorded); });
    }
    fault.crash_at(4);  // our commit counts two, so it is the second step of the first group
  });
  for (auto& [id, answer] : answers) CHECK(answer.get_future().get() == Recorded::Failed);
  fault.heal();
  CHECK(pending(*store) == 0);
  CHECK(record(*store, delivery("a")) == Recorded::New);
}
