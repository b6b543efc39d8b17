#include "bot/work/jobs/reconcile.h"

#include "store/sqlite_store.h"
#include "tests/bot/work/world.h"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace slipway;
using namespace slipway::work;

namespace {

const std::string kRepo = "acme/infra";

std::ptrdiff_t times_helped(const World& world, std::int64_t number) {
  const auto said = world.bot_comments(number);
  return std::count_if(said.begin(), said.end(), [](const Comment& comment) {
    return comment.body.find("A command is the first line of a new comment") != std::string::npos;
  });
}

}  // namespace

TEST_CASE("a command whose webhook was lost is found, although somebody looked at the pull request since") {
  World world;
  world.start([&] { return store::open_sqlite(world.data_dir()); });
  const std::int64_t number = world.open_pull("db");
  world.deliver("pull_request", number);
  world.settle();
  world.forge.now = world.clock.now();
  world.forge.comment(kRepo, number, "alice", "slipway help");
  world.deliver("pull_request", number);
  while (world.turn()) continue;  // before the reconciler's next turn
  REQUIRE(times_helped(world, number) == 0);

  for (int round = 0; round < 2; ++round) {
    world.clock.time += std::chrono::minutes(11);
    world.settle();
    CHECK(times_helped(world, number) == 1);
  }
}

TEST_CASE("a pull request that was opened and spoken to while the server was down is answered") {
  World world;
  world.start([&] { return store::open_sqlite(world.data_dir()); });
  world.settle();
  world.stop();
  world.clock.time += std::chrono::minutes(3);
  world.forge.now = world.clock.now();
  const std::int64_t number = world.open_pull("db");
  world.forge.comment(kRepo, number, "alice", "slipway help");
  world.clock.time += std::chrono::minutes(30);
  world.start([&] { return store::open_sqlite(world.data_dir()); });
  world.settle();
  CHECK(times_helped(world, number) == 1);
  CHECK(world.state_of(number) == "Ready");
}
