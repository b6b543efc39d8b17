#include "bot/work/jobs/converge.h"

#include "core/log.h"
#include "store/sqlite_store.h"
#include "tests/bot/work/world.h"

#include <catch2/catch.hpp>

using namespace slipway;
using namespace slipway::work;

namespace {

using Names = std::set<std::string>;

std::int64_t merged(World& world, const std::string& resources) {
  const std::int64_t number = world.open_pull(resources);
  world.deliver("pull_request", number);
  world.settle();
  world.merge_pull(number);
  world.deliver("pull_request", number);
  return number;
}

void converge(World& world) {
  world.store().transact([&](store::Transaction& rows) {
    for (const NewJob& job : converge_jobs(world.tools())) rows.jobs.add(job);
  });
  world.settle();
}

}  // namespace

TEST_CASE("a sink that lost what it had is made equal to the recorded states by the reconciler") {
  World world;
  world.start([&] { return store::open_sqlite(world.data_dir()); });
  merged(world, "db web");
  world.settle();
  world.hook->monitored.clear();
  SECTION("at its timer") {
    world.clock.time += std::chrono::minutes(11);
    world.settle();
  }
  SECTION("at start") {
    world.stop();
    world.start([&] { return store::open_sqlite(world.data_dir()); });
    world.settle();
  }
  CHECK(world.hook->monitored == Names{"db", "web"});
}

TEST_CASE("a machine leaves monitoring when the apply that destroys it starts, and returns if it survives") {
  World world;
  world.start([&] { return store::open_sqlite(world.data_dir()); });
  merged(world, "db web");
  world.settle();
  world.terraform.applies_wait = true;
  const std::int64_t second = merged(world, "db");
  world.work_until([&] { return !world.hook->monitored.contains("web"); });
  CHECK(world.state_of(second) == "Applying");
  CHECK(world.hook->monitored == Names{"db"});
  world.terraform.applies_wait = false;
  SECTION("it is destroyed") {
    world.settle();
    CHECK(world.state_of(second) == "Done");
    CHECK(world.hook->monitored == Names{"db"});
  }
  SECTION("it survives") {
    world.terraform.fail_half_way = true;
    world.settle();
    CHECK(world.state_of(second) == "ApplyFailed");
    CHECK(world.hook->monitored == Names{"db", "web"});
  }
}

TEST_CASE("a sink that can't be made equal is said once until that changes, and leaves no dead job") {
  World world;
  world.start([&] { return store::open_sqlite(world.data_dir()); });
  std::vector<std::string> said;
  log::install([&](log::Level, std::string_view text, log::Fields fields) {
    for (const auto& [name, value] : fields)
      if (name == "hook") said.push_back(std::string(text));
  });
  for (const char* failure : {"the disk is full", "the disk is full", "the disk is gone", "", ""}) {
    world.hook->fails = failure;
    converge(world);
  }
  log::install({});
  REQUIRE(said.size() == 3);
  CHECK(said[0] == "a hook's sink can't be made equal to the recorded states");
  CHECK(said[1] == said[0]);
  CHECK(said[2] == "a hook's sink can be made equal to the recorded states again");
  std::size_t dead = 1;
  world.store().read([&](const store::Snapshot& rows) { dead = rows.jobs.count(JobState::Dead); });
  CHECK(dead == 0);
}
