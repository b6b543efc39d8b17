#include "bot/work/jobs/freeze.h"

#include "store/sqlite_store.h"
#include "tests/bot/work/repository_room.h"

#include <catch2/catch.hpp>

#include <filesystem>

using namespace slipway;
using namespace slipway::work;

namespace {

using Resources = std::set<std::string>;

struct Room : RepositoryRoom {
  explicit Room(const std::string& config = {})
      : RepositoryRoom({{"net/main.tf", resources("")}, {"web/main.tf", resources("")}}, config) {}

  const Resources& made(const std::string& dir) { return world.terraform.worlds[dir].resources; }

  void say(std::int64_t number, const std::string& command) {
    world.comment(number, "alice", command);
    world.settle();
  }
  /// As `slipway freeze` at the server's host does it.
  void freeze(const FreezeScope& scope) {
    world.store().transact([&](store::Transaction& rows) {
      rows.freezes.save({scope, "the data center moves", "root", true, world.clock.now(), {}});
      rows.jobs.add(tell_freezes_job(world.clock.now()));
    });
  }
  void restart() {
    world.stop();
    world.start([&] { return store::open_sqlite(world.data_dir()); });
    world.settle();
  }
  /// The newest word on a commit.
  std::string apply_status(const Sha& commit) {
    std::string out;
    for (const vcs::CommitStatus& status : world.forge.statuses("acme/infra"))
      if (status.commit == commit && status.context == "slipway/apply") out = status.description;
    return out;
  }
  std::size_t freezes() {
    std::size_t count = 0;
    world.store().read([&](const store::Snapshot& rows) { count = rows.freezes.all().size(); });
    return count;
  }
};

bool contains(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("what is merged in a freeze waits through a restart, says why, and goes on after a thaw") {
  Room room;
  const auto number = room.open({{"net/main.tf", Room::resources("vlan")}});
  room.say(number, "slipway freeze the year is being closed");
  CHECK(contains(room.comment(number), "This repository is frozen"));
  CHECK(contains(room.comment(number), "`alice`"));
  CHECK(contains(room.comment(number), "the year is being closed"));
  CHECK(room.apply_status(room.world.forge.pull("acme/infra", number).head) ==
        "applied when merged, once the freeze ends");

  room.merge(number);
  REQUIRE(room.world.state_of(number) == "Queued");
  const Sha merge = room.world.forge.pull("acme/infra", number).merge_commit;
  CHECK(contains(room.apply_status(merge), "frozen by alice since Nov 22, 00:"));
  CHECK(contains(room.comment(number), "waits:"));
  room.restart();
  REQUIRE(room.world.state_of(number) == "Queued");
  CHECK(room.made("net").empty());

  room.say(number, "slipway thaw");
  CHECK(room.world.state_of(number) == "Done");
  CHECK(room.made("net") == Resources{"vlan"});
  CHECK_FALSE(contains(room.comment(number), "frozen"));
  CHECK(contains(room.apply_status(merge), "applied"));
  CHECK(room.world.terraform.applies.size() == 1);
}

TEST_CASE("a freeze of one project holds back no other") {
  Room room;
  const auto number =
      room.open({{"net/main.tf", Room::resources("vlan")}, {"web/main.tf", Room::resources("shop")}});
  room.say(number, "slipway freeze -d net moved by hand");
  room.merge(number);
  CHECK(room.made("web") == Resources{"shop"});
  CHECK(room.made("net").empty());
  room.say(number, "slipway thaw -d net");
  CHECK(room.made("net") == Resources{"vlan"});
}

TEST_CASE("a freeze that ends by itself lets go of what waited, and is forgotten") {
  Room room;
  const auto number = room.open({{"net/main.tf", Room::resources("vlan")}});
  room.say(number, "slipway freeze --for 3h a demonstration");
  room.merge(number);
  REQUIRE(room.world.state_of(number) == "Queued");
  CHECK(contains(room.comment(number), "until Nov 22, 03:"));
  room.world.clock.time += std::chrono::hours(3);
  room.restart();
  CHECK(room.world.state_of(number) == "Done");
  CHECK(room.freezes() == 0);
}

TEST_CASE("what was frozen at the server holds back everything, and every comment says so") {
  Room room;
  const auto first = room.open({{"net/main.tf", Room::resources("vlan")}});
  const auto second = room.open({{"web/main.tf", Room::resources("shop")}});
  room.freeze({});
  room.world.settle();
  for (const auto number : {first, second})
    CHECK(contains(room.comment(number), "**Everything is frozen** by `root`"));
  room.merge(first);
  CHECK(room.world.state_of(first) == "Queued");
  room.say(second, "slipway thaw");
  CHECK(contains(room.world.bot_comments(second).back().body, "There is no freeze of exactly"));
  CHECK(room.freezes() == 1);
}

TEST_CASE("an apply that waits for a worker when the freeze begins does not begin") {
  Room room;
  const auto number = room.open({{"net/main.tf", Room::resources("vlan")}});
  room.world.merge_pull(number);
  room.world.deliver("pull_request", number);
  room.world.work_until([&] { return room.world.state_of(number) == "Applying"; });
  room.freeze({});
  SECTION("nothing of it began") {
    room.world.settle();
    CHECK(room.world.state_of(number) == "Queued");
    CHECK(room.world.terraform.applies.empty());
  }
  SECTION("it runs: a server that starts again adopts it") {
    const auto change = room.changes(number).front();
    const RunId run = std::get<phase::Applying>(change.state).run;
    std::filesystem::create_directories(room.world.tools().run_directory(run));
    room.world.settle();
    CHECK(room.world.state_of(number) == "Done");
  }
}

TEST_CASE("a server that starts lets go what its configuration does not withhold any more") {
  Room room;
  const auto number = room.open({{"net/main.tf", Room::resources("vlan")}});
  room.say(number, "slipway freeze for the demonstration");
  room.merge(number);
  room.world.store().transact([](store::Transaction& rows) { rows.freezes.end({{"github", "acme/infra"}}); });
  room.world.settle();
  REQUIRE(room.world.state_of(number) == "Queued");
  room.world.store().transact(
      [&](store::Transaction& rows) { look_at_queues(rows, room.world.clock.now()); });
  room.world.settle();
  CHECK(room.world.state_of(number) == "Done");
}

TEST_CASE("what is merged outside of its window waits for it through a restart, and goes on by itself") {
  Room room(", windows: {time_zone: Asia/Seoul, allow: {days: mon, from: 09:00, to: 18:00}}");
  const auto number = room.open({{"net/main.tf", Room::resources("vlan")}});
  room.merge(number);  // on a Sunday
  REQUIRE(room.world.state_of(number) == "Queued");
  CHECK(contains(room.comment(number), "applied when its window opens, Mon Nov 23, 09:00 (Asia/Seoul)"));
  const Sha merge = room.world.forge.pull("acme/infra", number).merge_commit;
  CHECK(room.apply_status(merge) == "applied when its window opens, Mon Nov 23, 09:00 (Asia/Seoul)");

  const Time opens = from_millis(1'795'392'000'000);
  room.world.clock.time = opens - std::chrono::minutes(15);
  room.restart();
  CHECK(room.world.state_of(number) == "Queued");
  room.world.clock.time = opens - std::chrono::minutes(5);
  room.world.settle();
  CHECK(room.world.state_of(number) == "Done");
  CHECK(room.made("net") == Resources{"vlan"});
}
