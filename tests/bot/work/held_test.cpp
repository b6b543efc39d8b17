#include "bot/work/worker.h"
#include "core/failure.h"
#include "store/sqlite_store.h"
#include "tests/bot/work/world.h"
#include "tests/store/failing_connection.h"

#include <catch2/catch.hpp>

using namespace slipway;
using namespace slipway::work;

namespace {

void add_job(store::Store& store) {
  store.transact([](store::Transaction& rows) { rows.jobs.add({.kind = "look", .lane = "pull"}); });
}

std::optional<Job> claim(store::Store& store, Time now) {
  std::optional<Job> job;
  store.transact(
      [&](store::Transaction& rows) { job = rows.jobs.claim({"look"}, {"life 1", now, now + kLease}); });
  return job;
}

}  // namespace

TEST_CASE("a job that is claimed a second time by the same process keeps the lease of the second claim") {
  const auto store = store::open_sqlite(":memory:");
  Held held;
  const Time begin = from_millis(0);
  add_job(*store);
  const auto first = claim(*store, begin);
  REQUIRE(first);
  auto slow = std::make_unique<Held::Beating>(held, *first);
  const Time later = begin + kLease + std::chrono::seconds(1);
  const auto second = claim(*store, later);
  REQUIRE(second);
  const Held::Beating beating(held, *second);
  slow.reset();
  const Time end = later + kLease;
  held.beat(*store, {"life 1", later, end + kLease});
  CHECK_FALSE(claim(*store, end + std::chrono::seconds(1)));
}

TEST_CASE("a job whose end could not be written down is held no longer") {
  store::Fault fault;
  World world;
  world.start([&] { return store::open_sqlite(world.data_dir(), store::failing(fault)); });
  world.settle();
  const std::int64_t number = world.open_pull("db");
  world.deliver("pull_request", number);
  bool failed = false;
  world.repositories.repository.on_fetch = [&] {
    if (std::exchange(failed, true)) return;
    fault.refuse(1);
    throw Failure("the git server is down", Retry::Later);
  };
  const auto work = [&] {
    while (world.turn()) continue;
  };
  CHECK_THROWS_AS(work(), Failure);
  CHECK(world.held().of_kind("prepare").empty());
  world.clock.time += kLease + std::chrono::seconds(1);
  world.settle();
  CHECK(world.state_of(number) == "Ready");
}
