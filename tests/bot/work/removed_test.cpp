#include "tests/bot/work/repository_room.h"

#include <catch2/catch.hpp>

using namespace slipway;
using namespace slipway::work;

namespace {

using Resources = std::set<std::string>;

/// net/ and web/ have been applied; the configuration asks for removed projects to be destroyed.
struct Room : RepositoryRoom {
  explicit Room(const std::string& config = ", destroy_removed: true")
      : RepositoryRoom({{"net/main.tf", resources("")}, {"web/main.tf", resources("")}}, config) {
    merge(open({{"net/main.tf", resources("vlan")}, {"web/main.tf", resources("shop")}}));
    REQUIRE(made("net") == Resources{"vlan"});
  }

  const Resources& made(const std::string& dir) { return world.terraform.worlds[dir].resources; }

  std::int64_t open_without(const std::string& path) {
    auto left = files();
    left.erase(path);
    return open_leaving(left);
  }
};

bool contains(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("a removed project is planned as a destroy, and destroyed when that is merged") {
  Room room;
  const auto number = room.open_without("net/main.tf");
  REQUIRE(room.world.state_of(number) == "Ready");
  CHECK(contains(room.comment(number), "`hci_instance.vlan` is destroyed"));
  CHECK(contains(room.comment(number), "is removed by this pull request: what it made is destroyed"));
  CHECK(room.made("net") == Resources{"vlan"});
  room.merge(number);
  CHECK(room.world.state_of(number) == "Done");
  CHECK(room.made("net").empty());
  CHECK(room.made("web") == Resources{"shop"});
}

TEST_CASE("where the configuration does not ask, a removed project stays as it is") {
  Room room("");
  const auto number = room.open_without("net/main.tf");
  CHECK(room.changes(number).empty());
  CHECK(contains(room.comment(number), "Its resources stay as they are"));
  room.merge(number);
  CHECK(room.made("net") == Resources{"vlan"});
}

TEST_CASE("a destroy that nobody was shown waits for a person") {
  Room room;
  auto left = room.files();
  left.erase("net/main.tf");
  const auto number = room.open({{"web/main.tf", RepositoryRoom::resources("shop till")}});
  // Merged with another head than the one that was planned.
  const Sha base = room.repository.refs.at("refs/heads/main");
  const Sha head = room.repository.commit(left, {base});
  room.repository.refs["refs/pull/" + std::to_string(number) + "/head"] = head;
  room.world.forge.pull("acme/infra", number).head = head;
  room.merge(number);
  CHECK(room.made("net") == Resources{"vlan"});
  for (const Change& change : room.changes(number))
    if (change.id.project.dir == "net") CHECK(name_of(change.state) == "AwaitingConfirm");
}

TEST_CASE("what a removed project made since it was planned is not destroyed unseen") {
  Room room;
  const auto number = room.open_without("net/main.tf");
  REQUIRE(room.world.state_of(number) == "Ready");
  room.world.terraform.worlds["net"].resources.insert("router");
  ++room.world.terraform.worlds["net"].serial;
  room.merge(number);
  CHECK(room.made("net") == Resources{"router", "vlan"});
  CHECK(room.world.state_of(number) == "AwaitingConfirm");
}

TEST_CASE("a project that is put back before the merge is planned as what it is") {
  Room room;
  const auto number = room.open_without("net/main.tf");
  REQUIRE(room.changes(number).front().removed);
  const Sha base = room.repository.refs.at("refs/heads/main");
  auto again = room.files();
  again["net/main.tf"] = RepositoryRoom::resources("vlan router");
  const Sha head = room.repository.commit(again, {base});
  room.repository.refs["refs/pull/" + std::to_string(number) + "/head"] = head;
  room.world.forge.pull("acme/infra", number).head = head;
  room.tell(number);
  REQUIRE(room.changes(number).size() == 1);
  CHECK_FALSE(room.changes(number).front().removed);
  room.merge(number);
  CHECK(room.made("net") == Resources{"router", "vlan"});
}
