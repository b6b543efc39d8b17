#include "bot/work/report.h"

#include "bot/work/enact.h"
#include "store/sqlite_store.h"
#include "tests/bot/work/world.h"

#include <catch2/catch.hpp>

#include <utility>

using namespace slipway;
using namespace slipway::work;

namespace {

std::string stale(World& world, const PullId& pull) {
  const auto report = build_report(world.tools(), pull, Detail::Rows);
  REQUIRE(report);
  REQUIRE(report->projects.size() == 1);
  return report->projects.front().stale;
}

}  // namespace

TEST_CASE("that a state moved has an open pull request planned again, and is not said of a merged one") {
  World world;
  world.start([&] { return store::open_sqlite(world.data_dir()); });
  const std::int64_t number = world.open_pull("");
  world.deliver("pull_request", number);
  world.settle();
  REQUIRE(world.state_of(number) == "NoChanges");
  const PullId pull{{"github", "acme/infra"}, number};
  const auto state_moves = [&] {
    change::Decision refresh;
    refresh.actions.push_back(
        change::action::Refresh{change::state_key({pull, {"net", "default", {}}}), {pull.repo, 99}});
    world.store().transact([&](store::Transaction& rows) { enact(rows, refresh, world.clock.now()); });
  };
  const auto shown = [&] { return plans_shown(*build_report(world.tools(), pull, Detail::Bodies)); };
  CHECK(shown().size() == 1);
  state_moves();
  CHECK(stale(world, pull) == "its state moved");
  CHECK(shown().empty());
  world.settle();

  world.merge_pull(number);
  world.deliver("pull_request", number);
  bool moved = false;
  world.repositories.repository.on_fetch = [&] {
    if (!std::exchange(moved, true)) state_moves();
  };
  while (world.turn()) continue;
  REQUIRE(moved);
  CHECK(stale(world, pull).empty());
}
