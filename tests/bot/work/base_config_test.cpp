#include "bot/work/base_config.h"

#include "tests/bot/work/repository_room.h"

#include <catch2/catch.hpp>

using namespace slipway;
using namespace slipway::work;

namespace {

struct Room : RepositoryRoom {
  explicit Room(const std::string& file)
      : RepositoryRoom({{"net/main.tf", resources("")}, {"slipway.yaml", file}}) {}
};

bool contains(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("the base branch's file names the projects; the pull request's own changes nothing") {
  Room room("projects: [{dir: net, name: network}]\n");
  const auto number = room.open(
      {{"net/main.tf", Room::resources("db")}, {"slipway.yaml", "projects: [{dir: net, name: mine}]\n"}});
  const auto changes = room.changes(number);
  REQUIRE(changes.size() == 1);
  CHECK(changes.front().id.project.name == "network");
  CHECK(room.world.state_of(number) == "Ready");
}

TEST_CASE("a policy of the base branch judges, and the pull request that takes it out is judged by it") {
  Room room("policies: [{name: careful, deny: empty}]\n");
  const auto number =
      room.open({{"net/main.tf", Room::resources("db")}, {"slipway.yaml", "projects: auto\n"}});
  CHECK(room.world.state_of(number) == "Blocked");
  CHECK(contains(room.comment(number), "careful"));
  room.merge(number);
  CHECK(room.world.state_of(number) == "AwaitingConfirm");
  CHECK(room.world.terraform.applies.empty());
  // From the next one on it is gone.
  const auto next = room.open({{"net/main.tf", Room::resources("db web")}});
  CHECK(room.world.state_of(next) == "Ready");
}

TEST_CASE("when the base branch gets a policy, what was planned before is judged by it too") {
  Room room("projects: auto\n");
  const auto number = room.open({{"net/main.tf", Room::resources("db")}});
  REQUIRE(room.world.state_of(number) == "Ready");
  auto files = room.files();
  files["slipway.yaml"] = "policies: [{name: careful, deny: empty}]\n";
  room.commit(files);
  room.world.settle();
  CHECK(room.world.state_of(number) == "Blocked");
}

TEST_CASE("a file that can't be used is told on the pull request with its line, and nothing is planned") {
  Room room("projects:\n  - {dir: net, nam: network}\n");
  const auto number = room.open({{"net/main.tf", Room::resources("db")}});
  CHECK(room.changes(number).empty());
  CHECK(contains(room.comment(number), "`slipway.yaml:2`: unknown key"));
  CHECK(contains(room.comment(number), "did you mean"));
  CHECK(room.world.terraform.worlds.empty());

  // Repaired there, it is planned without anybody's doing.
  auto files = room.files();
  files["slipway.yaml"] = "projects: [{dir: net, name: network}]\n";
  room.commit(files);
  room.world.settle();
  CHECK(room.world.state_of(number) == "Ready");
}

TEST_CASE("a pull request that would spoil the file is told before it is merged") {
  Room room("projects: auto\n");
  const auto number = room.open({{"net/main.tf", Room::resources("db")}, {"slipway.yaml", "hooks: []\n"}});
  CHECK(room.changes(number).empty());
  CHECK(contains(room.comment(number), "`slipway.yaml:1`: `hooks` is for the server"));
  CHECK(contains(room.comment(number), "as this pull request leaves it"));
}

TEST_CASE("a pull request that repairs the file is let through") {
  Room room("projekts: auto\n");
  const auto number = room.open({{"slipway.yaml", "projects: auto\n"}});
  CHECK(contains(room.comment(number), "This repairs what can"));
  room.merge(number);
  const auto next = room.open({{"net/main.tf", Room::resources("db")}});
  CHECK(room.world.state_of(next) == "Ready");
}

TEST_CASE("what was merged onto a base with an unusable file waits until it is repaired, and is not lost") {
  Room room("projects: auto\n");
  const auto number = room.open({{"net/main.tf", Room::resources("db")}});
  REQUIRE(room.world.state_of(number) == "Ready");
  auto files = room.files();
  files["slipway.yaml"] = "projects: {\n";
  room.commit(files);
  room.merge(number);
  CHECK(room.world.terraform.applies.empty());
  CHECK(contains(room.comment(number), "slipway.yaml:"));

  files = room.files();
  files["slipway.yaml"] = "projects: auto\n";
  room.commit(files);
  room.world.settle();
  CHECK(room.world.state_of(number) == "Done");
  CHECK(room.world.terraform.worlds["net"].resources == std::set<std::string>{"db"});
}

TEST_CASE("a project whose autoplan is off waits for a comment") {
  Room room("projects: auto\n");
  FakeRepository::Files files = room.files();
  files.erase("slipway.yaml");
  files["atlantis.yaml"] = "version: 3\nprojects: [{dir: net, workflow: x, autoplan: {enabled: false}}]\n";
  room.commit(files);
  const auto number = room.open({{"net/main.tf", Room::resources("db")}});
  CHECK(room.world.state_of(number) == "Waiting");
  CHECK(contains(room.comment(number), "slipway plan -d net"));
  CHECK(contains(room.comment(number), "is passed over"));
}
