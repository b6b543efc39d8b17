#include "store/sqlite_store.h"
#include "tests/bot/work/world.h"
#include "tests/store/failing_connection.h"

#include <catch2/catch.hpp>

using namespace slipway;
using namespace slipway::work;

namespace {

/// What must hold at the end of the road, however often it was interrupted.
void check_end(World& world, std::int64_t number) {
  CHECK(world.state_of(number) == "Done");
  CHECK(world.terraform.worlds["net"].resources == std::set<std::string>{"db", "web"});
  int applies = 0;
  for (const auto& [run, times] : world.terraform.applies) applies += times;
  CHECK(applies == 1);
  std::size_t sticky = 0;
  for (const Comment& comment : world.bot_comments(number))
    if (comment.body.find("slot=sticky") != std::string::npos) ++sticky;
  CHECK(sticky == 1);
  CHECK(world.bot_comments(number).size() == 2);  // and the short one that tells of the result
}

/// Opened, planned, merged, applied, made known: each step only when the one before is through.
void walk(World& world, std::int64_t& number, bool& merged) {
  if (number == 0) number = world.open_pull("db web");
  world.deliver("pull_request", number);
  world.settle();
  if (!merged && world.state_of(number) == "Ready") {
    world.merge_pull(number);
    merged = true;
    world.deliver("pull_request", number);
  }
  world.settle();
}

}  // namespace

TEST_CASE("a pull request is planned, merged, applied and its machines are made known") {
  World world;
  world.start([&] { return store::open_sqlite(world.data_dir()); });
  std::int64_t number = 0;
  bool merged = false;
  walk(world, number, merged);
  check_end(world, number);
  CHECK(world.hook->heard.size() == 2);
}

TEST_CASE("a webhook that is lost costs time only") {
  World world;
  world.start([&] { return store::open_sqlite(world.data_dir()); });
  world.settle();
  const std::int64_t number = world.open_pull("db web");
  world.settle();
  REQUIRE(world.state_of(number) == "Ready");
  world.merge_pull(number);
  world.settle();
  check_end(world, number);
}

TEST_CASE("a failure half way shows what is left and applies nothing more") {
  World world;
  world.start([&] { return store::open_sqlite(world.data_dir()); });
  world.terraform.fail_half_way = true;
  std::int64_t number = 0;
  bool merged = false;
  walk(world, number, merged);
  CHECK(world.state_of(number) == "ApplyFailed");
  CHECK(world.terraform.worlds["net"].resources == std::set<std::string>{"db"});
  CHECK(world.forge.issues("acme/infra").size() == 1);
}

TEST_CASE("killed at any write, the road ends the same", "[slow]") {
  // The first life tells how many writes there are; then each of them is the last of a life.
  std::int64_t writes = 0;
  {
    World world;
    store::Fault fault;
    world.start([&] { return store::open_sqlite(world.data_dir(), store::failing(fault)); });
    const std::int64_t before = fault.writes();
    std::int64_t number = 0;
    bool merged = false;
    walk(world, number, merged);
    check_end(world, number);
    writes = fault.writes() - before;
    world.stop();
  }
  REQUIRE(writes > 100);
  for (std::int64_t n = 1; n <= writes; n += 1) {
    INFO("killed at write " << n << " of " << writes);
    World world;
    store::Fault fault;
    const auto open = [&] { return store::open_sqlite(world.data_dir(), store::failing(fault)); };
    world.start(open);
    fault.crash_at(n);
    std::int64_t number = 0;
    bool merged = false;
    try {
      walk(world, number, merged);
    } catch (const std::exception&) {
      // The process is dead here.
    }
    world.stop();
    fault.heal();
    world.start(open);
    walk(world, number, merged);
    check_end(world, number);
    world.stop();
  }
}

TEST_CASE("a store that fails for a moment at any write loses nothing", "[slow]") {
  for (std::int64_t n = 1; n <= 200; n += 7) {
    INFO("refused at write " << n);
    World world;
    store::Fault fault;
    world.start([&] { return store::open_sqlite(world.data_dir(), store::failing(fault)); });
    fault.refuse(n);
    std::int64_t number = 0;
    bool merged = false;
    for (int tries = 0; tries < 3; ++tries) {
      try {
        walk(world, number, merged);
      } catch (const std::exception&) {
        // As the threads do: the loop goes on.
      }
    }
    check_end(world, number);
    world.stop();
  }
}
