#include "store/sqlite_store.h"
#include "tests/bot/work/world.h"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <utility>

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

/// A pull request whose plan is shown.
std::int64_t ready_pull(World& world) {
  world.start([&] { return store::open_sqlite(world.data_dir()); });
  const std::int64_t number = world.open_pull("db");
  world.deliver("pull_request", number);
  world.settle();
  REQUIRE(world.state_of(number) == "Ready");
  return number;
}

void push(World& world, std::int64_t number, const std::string& resources) {
  const std::string ref = fmt::format("refs/pull/{}/head", number);
  const Sha head = world.repositories.repository.commit(
      {{"net/main.tf", fmt::format("# resources: {}\nresource \"x\" \"y\" {{}}\n", resources)}},
      {world.repositories.repository.refs.at(ref)});
  world.repositories.repository.refs[ref] = head;
  world.forge.pull("acme/infra", number).head = head;
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

TEST_CASE("a merge that is the first sight of its branch is in the baseline, which is written down with it") {
  World world;
  for (int i = 0; i < 3; ++i) world.forge.faults.push_back({"GET /user/repos", 502});
  world.start([&] { return store::open_sqlite(world.data_dir()); });
  const std::int64_t number = world.open_pull("db");
  world.merge_pull(number);
  world.deliver("pull_request", number);
  work_now(world);
  CHECK(baseline(world) == world.repositories.repository.refs.at("refs/heads/main"));
  world.settle();
  CHECK(world.state_of(number) == "unknown");
}

TEST_CASE("what is merged between the look and its preparation is not discarded as untouched") {
  World world;
  const std::int64_t number = ready_pull(world);
  push(world, number, "db web");
  world.deliver("pull_request", number);
  bool merged = false;
  world.repositories.repository.on_fetch = [&] {
    if (!std::exchange(merged, true)) world.merge_pull(number);
  };
  work_now(world);
  REQUIRE(merged);
  CHECK(world.state_of(number) != "Discarded");
  world.settle();
  CHECK(world.state_of(number) == "AwaitingConfirm");
}

TEST_CASE("a squash of a branch that merged its base is no rebase: all that it changes is applied") {
  World world;
  world.start([&] { return store::open_sqlite(world.data_dir()); });
  FakeRepository& git = world.repositories.repository;
  const auto files = [](const std::string& net, const std::string& web) {
    const auto text = [](const std::string& names) {
      return fmt::format("# resources: {}\nresource \"x\" \"y\" {{}}\n", names);
    };
    return FakeRepository::Files{{"net/main.tf", text(net)}, {"web/main.tf", text(web)}};
  };
  world.settle();
  const Sha first = git.refs.at("refs/heads/main");
  const std::int64_t number = world.open_pull("db");
  const std::string ref = fmt::format("refs/pull/{}/head", number);
  // The base gets web/, the branch merges that and takes it out again.
  const Sha base = git.commit(files("", "shop"), {first});
  git.refs["refs/heads/main"] = base;
  const Sha merged = git.commit(files("db", "shop"), {git.refs.at(ref), base});
  const Sha head = git.commit(files("db", ""), {merged});
  git.refs[ref] = head;
  world.forge.pull("acme/infra", number).head = head;
  world.terraform.worlds["web"] = {{"shop"}, 1};
  world.deliver("pull_request", number);
  world.settle();

  const Sha squashed = git.commit(files("db", ""), {base});
  git.refs["refs/heads/main"] = squashed;
  world.forge.now = world.clock.now();
  world.forge.merge_pull("acme/infra", number);
  world.forge.pull("acme/infra", number).merge_commit = squashed;
  world.deliver("pull_request", number);
  world.settle();
  CHECK(world.terraform.worlds["net"].resources == std::set<std::string>{"db"});
  CHECK(world.terraform.worlds["web"].resources.empty());
}

TEST_CASE("what was written before a merge is heard before it, though its webhook was lost") {
  World world;
  const std::int64_t number = ready_pull(world);

  world.forge.now = world.clock.now();
  world.forge.comment("acme/infra", number, "alice", "slipway discard");
  world.clock.time += std::chrono::seconds(10);
  world.merge_pull(number);
  world.clock.time += std::chrono::seconds(10);
  world.forge.now = world.clock.now();
  world.forge.comment("acme/infra", number, "alice", "slipway apply");
  world.deliver("pull_request", number);
  work_now(world);
  CHECK(world.state_of(number) == "AwaitingConfirm");
  // What was written afterwards is heard when its turn comes: nobody has seen the new plan.
  CHECK(world.terraform.worlds["net"].resources.empty());
}
