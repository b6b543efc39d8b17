#include "bot/work/left_lock.h"
#include "bot/work/vault.h"
#include "store/sqlite_store.h"
#include "tests/bot/work/world.h"

#include <catch2/catch.hpp>

using namespace slipway;
using namespace slipway::work;

namespace {

void begin(World& world) {
  world.start([&] { return store::open_sqlite(world.data_dir()); });
}

/// Opened, planned and merged.
std::int64_t merged(World& world, const std::string& resources) {
  const std::int64_t number = world.open_pull(resources);
  world.deliver("pull_request", number);
  world.settle();
  world.merge_pull(number);
  world.deliver("pull_request", number);
  world.settle();
  return number;
}

std::vector<store::DeadJob> dead(World& world) {
  std::vector<store::DeadJob> out;
  world.store().read([&](const store::Snapshot& rows) { out = rows.jobs.dead(10); });
  return out;
}

/// As `slipway replay job:N`.
void replay(World& world, std::int64_t job) {
  world.store().transact(
      [&](store::Transaction& rows) { REQUIRE(rows.jobs.revive(job, world.clock.now())); });
  world.settle();
}

std::string sticky(World& world, std::int64_t number) {
  for (const Comment& comment : world.bot_comments(number))
    if (comment.body.find("slot=sticky") != std::string::npos) return comment.body;
  return {};
}

const std::string kDeclared = "terraform {\n  backend \"http\" {}\n}\n";

bool says(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

std::vector<RunId> applies(World& world, std::int64_t number) {
  std::vector<RunId> out;
  world.store().read([&](const store::Snapshot& rows) {
    for (const store::RunRow& run : rows.runs.of_pull({{"github", "acme/infra"}, number}))
      if (run.kind == "apply") out.push_back(run.id);
  });
  return out;
}

}  // namespace

TEST_CASE("a hook that gave up is done again by replay, and the comment no longer speaks of it") {
  World world;
  begin(world);
  world.hook->refuses = "web";
  const std::int64_t number = merged(world, "db web");
  REQUIRE(world.state_of(number) == "Degraded");
  REQUIRE(dead(world).size() == 1);
  const std::int64_t job = dead(world).front().job.id;
  CHECK(says(sticky(world, number), "slipway replay job:" + std::to_string(job)));
  replay(world, job);
  REQUIRE(world.state_of(number) == "Degraded");
  REQUIRE(dead(world).size() == 1);
  world.hook->refuses.clear();
  replay(world, dead(world).front().job.id);
  CHECK(world.state_of(number) == "Done");
  CHECK_FALSE(says(sticky(world, number), "gave up"));
  CHECK(dead(world).empty());
}

TEST_CASE("a state that an apply could not write is pushed back, and its machines are made known") {
  World world;
  begin(world);
  world.terraform.cannot_write = true;
  const std::int64_t number = merged(world, "db web");
  REQUIRE(world.state_of(number) == "ApplyFailed");
  CHECK(says(sticky(world, number), "is being pushed to where it belongs"));
  CHECK(world.hook->heard.empty());
  world.terraform.cannot_write = false;
  world.settle();
  CHECK(world.state_of(number) == "Done");
  CHECK(world.hook->heard.size() == 2);
}

TEST_CASE("a state that another one keeps from its place is kept, and the comment tells how to push it") {
  World world({}, kDeclared);
  begin(world);
  world.terraform.cannot_write = true;
  world.terraform.another_state = true;
  const std::int64_t number = merged(world, "db web");
  REQUIRE(world.state_of(number) == "ApplyFailed");
  const std::string text = sticky(world, number);
  CHECK(says(text, "its lineage is another"));
  CHECK(says(text, "terraform state push errored.tfstate"));
  const std::string command = "slipway errored-state -c slipway.yaml ";
  const std::string blob = text.substr(text.find(command) + command.size(), 64);
  CHECK(says(open_blob(world.tools(), kErroredStatePurpose, blob), "hci_instance"));
}

TEST_CASE("a state that somebody holds locked is pushed when a person has released the lock") {
  World world({}, kDeclared);
  begin(world);
  world.terraform.cannot_write = true;
  const std::int64_t number = world.open_pull("db web");
  world.deliver("pull_request", number);
  world.settle();
  world.merge_pull(number);
  world.deliver("pull_request", number);
  world.work_until([&] { return !world.terraform.applies.empty(); });
  world.terraform.cannot_write = false;
  world.terraform.lock = LockHolder{"9dc5", "bob@laptop", "OperationTypeApply", "noon"};
  world.settle();
  REQUIRE(world.state_of(number) == "ApplyFailed");
  CHECK(says(sticky(world, number), "the state is locked by `bob@laptop` since noon"));
  world.comment(number, "alice", "slipway unlock --force 9dc5");
  world.settle();
  CHECK_FALSE(world.terraform.lock);
  CHECK(world.state_of(number) == "Done");
}

TEST_CASE("a lock that a dead run of ours left is released, and the apply goes on") {
  World world;
  begin(world);
  const std::int64_t first = merged(world, "db");
  REQUIRE(world.state_of(first) == "Done");
  const RunId run = applies(world, first).front();
  world.terraform.lock = LockHolder{"9dc5", "slipway@" + runner::host_of_run(run), "OperationTypeApply", {}};
  SECTION("it is dead") {
    const std::int64_t second = merged(world, "db web");
    CHECK(world.state_of(second) == "Done");
    CHECK_FALSE(world.terraform.lock);
  }
  SECTION("it lives") {
    world.terraform.living = {run};
    const std::int64_t second = merged(world, "db web");
    CHECK(world.state_of(second) == "ApplyFailed");
    CHECK(world.terraform.lock);
  }
}

TEST_CASE("a lock of which nobody can prove that its holder is dead stays, and is told") {
  for (const std::string who : {"bob@laptop", "slipway@slipway-0123456789abcdef", "slipway@slipway", ""}) {
    INFO(who);
    World world;
    begin(world);
    world.terraform.lock = LockHolder{"9dc5", who, "OperationTypeApply", "noon"};
    const std::int64_t number = merged(world, "db");
    CHECK(world.state_of(number) == "ApplyFailed");
    CHECK(world.terraform.lock);
    CHECK(says(sticky(world, number), "slipway unlock --force 9dc5"));
  }
}

TEST_CASE("a lock in our own backend goes with the run that did not give it back") {
  World world;
  begin(world);
  world.terraform.applies_wait = true;
  const std::int64_t number = world.open_pull("db");
  world.deliver("pull_request", number);
  world.settle();
  world.merge_pull(number);
  world.deliver("pull_request", number);
  world.work_until([&] { return !applies(world, number).empty(); });
  const StateKey key{{"github", "acme/infra"}, {"net", "default", {}}};
  world.store().transact([&](store::Transaction& rows) {
    REQUIRE(rows.states.take_lock({key, "9dc5", "{}", applies(world, number).front(), world.clock.now()}));
  });
  world.terraform.applies_wait = false;
  world.settle();
  REQUIRE(world.state_of(number) == "Done");
  world.store().read([&](const store::Snapshot& rows) { CHECK_FALSE(rows.states.lock(key)); });
}
