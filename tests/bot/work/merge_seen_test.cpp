#include "store/sqlite_store.h"
#include "tests/bot/work/world.h"

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace slipway;
using namespace slipway::work;

namespace {

const RepoId kRepo{"github", "acme/infra"};

/// Everything that is due now, without a step of the clock: the reconciler's turn does not come.
void work_now(World& world) {
  while (world.turn()) continue;
}

std::string baseline(World& world) {
  std::string out;
  world.store().read([&](const store::Snapshot& rows) {
    if (const auto row = rows.pulls.repo(kRepo, "main")) out = row->baseline;
  });
  return out;
}

const phase::Trigger* trigger_of(const Change& change) {
  if (const auto* waiting = std::get_if<phase::AwaitingConfirm>(&change.state)) return &waiting->trigger;
  if (const auto* onboarding = std::get_if<phase::Onboarding>(&change.state))
    return &onboarding->applied.trigger;
  const auto* done = std::get_if<phase::Done>(&change.state);
  return done == nullptr ? nullptr : &done->applied.trigger;
}

std::int64_t order_of(World& world, std::int64_t number) {
  std::int64_t order = 0;
  world.store().read([&](const store::Snapshot& rows) {
    for (const Change& change : rows.changes.of_pull({kRepo, number}))
      if (const phase::Trigger* trigger = trigger_of(change)) order = trigger->order;
  });
  return order;
}

}  // namespace

TEST_CASE("a merge heard before its branch was compared is the first sight, and later ones count from it") {
  World world;
  for (int i = 0; i < 3; ++i) world.forge.faults.push_back({"GET /user/repos", 502});
  world.start([&] { return store::open_sqlite(world.data_dir()); });
  const Sha before = world.repositories.repository.refs.at("refs/heads/main");
  const std::int64_t first = world.open_pull("db");
  world.deliver("pull_request", first);
  work_now(world);
  REQUIRE(world.state_of(first) == "Ready");
  REQUIRE(baseline(world).empty());
  world.merge_pull(first);
  world.deliver("pull_request", first);
  work_now(world);
  CHECK(baseline(world) == before);
  CHECK(order_of(world, first) == 1);
  world.settle();
  CHECK(baseline(world) == before);

  const std::int64_t second = world.open_pull("db web");
  world.deliver("pull_request", second);
  world.settle();
  world.merge_pull(second);
  world.deliver("pull_request", second);
  world.settle();
  CHECK(order_of(world, second) == 2);
}
