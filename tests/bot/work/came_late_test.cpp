#include "bot/work/claim.h"
#include "bot/work/jobs/say.h"
#include "bot/work/jobs/signals.h"
#include "bot/work/payload.h"
#include "bot/work/place.h"
#include "bot/work/statuses.h"
#include "core/failure.h"
#include "store/sqlite_store.h"
#include "tests/bot/work/world.h"

#include <catch2/catch.hpp>

using namespace slipway;
using namespace slipway::work;

namespace {

Job about(std::int64_t number) {
  Job job;
  job.payload = Json::object({{"pull", write(PullId{{"github", "acme/infra"}, number})}});
  return job;
}

}  // namespace

TEST_CASE("whoever lost its lease while it spoke has the newest words said again over its own") {
  World world;
  world.start([&] { return store::open_sqlite(world.data_dir()); });
  const std::int64_t number = world.open_pull("db");
  world.deliver("pull_request", number);
  world.settle();
  const std::string told = world.bot_comments(number).front().body;
  const auto set = world.forge.statuses("acme/infra").size();

  // Its words arrived after those of the claim that took over.
  world.forge.pull("acme/infra", number).comments.front().body = "old words";
  SaySticky(world.tools()).came_late(about(number));
  SetStatuses(world.tools()).came_late(about(number));
  world.settle();
  CHECK(world.bot_comments(number).front().body == told);
  CHECK(world.forge.statuses("acme/infra").size() > set);
}

TEST_CASE("words that came late are said over, even by whoever spoke before them and records it afterwards") {
  World world;
  world.start([&] { return store::open_sqlite(world.data_dir()); });
  const std::int64_t number = world.open_pull("db");
  world.deliver("pull_request", number);
  world.settle();
  world.merge_pull(number);
  world.deliver("pull_request", number);
  // While the newest words are on their way somebody notices that he came too late with older ones.
  bool late = false;
  world.forge.on_request = [&](const HttpRequest& request) {
    if (late || request.method != "PATCH") return;
    late = true;
    SaySticky(world.tools()).came_late(about(number));
  };
  world.work_until([&] { return late; });
  const std::string record = [&] {
    std::string out;
    world.store().read([&](const store::Snapshot& rows) {
      out = rows.said.find({{"github", "acme/infra"}, number}, "sticky")->digest;
    });
    return out;
  }();
  CHECK(record == kSpokenOver);
}

TEST_CASE("what the forge was told is not known before its answer is") {
  World world;
  world.start([&] { return store::open_sqlite(world.data_dir()); });
  const std::int64_t number = world.open_pull("db");
  const PullId pull{{"github", "acme/infra"}, number};
  const Sha head = world.forge.pull("acme/infra", number).head;
  world.deliver("pull_request", number);
  world.settle();
  const auto recorded = [&] {
    std::pair<std::string, std::string> out;
    world.store().read([&](const store::Snapshot& rows) {
      out = {rows.said.find(pull, "sticky")->digest, rows.said.status(pull.repo, head, "slipway/apply")};
    });
    return out;
  };
  REQUIRE(!recorded().first.empty());
  REQUIRE(!recorded().second.empty());

  // Both are done, and no answer comes.
  for (int i = 0; i < 100; ++i) {
    world.forge.faults.push_back({"PATCH /repos/acme/infra/issues/comments", 502, true});
    world.forge.faults.push_back({"POST /repos/acme/infra/statuses", 502, true});
  }
  world.merge_pull(number);
  world.deliver("pull_request", number);
  world.work_until([&] { return recorded().first.empty(); });
  world.work_until([&] { return recorded().second.empty(); });
  world.forge.faults.clear();
  world.settle();
  CHECK(world.bot_comments(number).front().body.find("Applied") != std::string::npos);
  CHECK(world.forge.statuses("acme/infra").back().state == vcs::StatusState::Success);
}

TEST_CASE("whoever comes after the end of its run gets no credentials for the state") {
  World world;
  world.start([&] { return store::open_sqlite(world.data_dir()); });
  const std::int64_t number = world.open_pull("db");
  world.deliver("pull_request", number);
  world.settle();
  const PullId pull{{"github", "acme/infra"}, number};
  std::vector<Change> changes;
  std::vector<store::RunRow> runs;
  world.store().read([&](const store::Snapshot& rows) {
    changes = rows.changes.of_pull(pull);
    runs = rows.runs.of_pull(pull);
  });
  REQUIRE(runs.front().ended);
  CHECK_THROWS_AS(prepare_place(world.tools(), changes.front(), runs.front().id, Phase::Plan, 1, {}),
                  Failure);
}
