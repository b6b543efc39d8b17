#include "store/sqlite_store.h"
#include "tests/bot/work/world.h"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace slipway;
using namespace slipway::work;

namespace {

/// Merged before anybody saw it: it asks.
std::int64_t asks(World& world) {
  world.start([&] { return store::open_sqlite(world.data_dir()); });
  world.settle();
  const std::int64_t number = world.open_pull("db");
  world.merge_pull(number);
  world.deliver("pull_request", number);
  return number;
}

bool asked(const World& world, std::int64_t number) {
  const auto said = world.bot_comments(number);
  return std::any_of(said.begin(), said.end(), [](const Comment& comment) {
    return comment.body.find("Nothing is applied until then") != std::string::npos;
  });
}

}  // namespace

TEST_CASE("a question is a comment of its own, since an edit notifies nobody") {
  World world;
  const std::int64_t number = asks(world);
  world.settle();
  REQUIRE(world.state_of(number) == "AwaitingConfirm");
  CHECK(asked(world, number));
}

TEST_CASE("a question that was settled before it could be written is not asked any more") {
  World world;
  const std::int64_t number = asks(world);
  world.forge.faults.assign(20, {"POST /repos/acme/infra/issues/1/comments", 502});
  world.work_until([&] { return world.state_of(number) == "AwaitingConfirm"; });
  world.comment(number, "alice", "slipway discard");
  world.work_until([&] { return world.state_of(number) == "Discarded"; });
  world.forge.faults.clear();
  world.settle();
  REQUIRE(world.state_of(number) == "Discarded");
  CHECK_FALSE(asked(world, number));
}
