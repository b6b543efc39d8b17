#include "tests/bot/work/repository_room.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <set>

using namespace slipway;
using namespace slipway::work;

namespace {

using Resources = std::set<std::string>;

/// net/ is on the base branch, and everything is applied by comments.
struct Room : RepositoryRoom {
  Room() : RepositoryRoom({{"net/main.tf", resources("vlan")}}, ", apply: on_comment, confirm: writers") {
    world.terraform.worlds["net"] = {{"vlan"}, 1};
  }

  std::int64_t open_and_apply(const FakeRepository::Files& changes) {
    const auto number = open(changes);
    say(number, "slipway apply");
    return number;
  }
  void say(std::int64_t number, const std::string& line) {
    world.comment(number, "alice", line);
    world.settle();
  }
  void close(std::int64_t number) {
    world.forge.close_pull("acme/infra", number);
    tell(number);
  }
  const Resources& made(const std::string& dir) { return world.terraform.worlds[dir].resources; }
  PlanId asked(std::int64_t number) {
    const Change change = changes(number).front();
    const auto* waiting = std::get_if<phase::AwaitingConfirm>(&change.state);
    return waiting == nullptr ? "" : waiting->plan;
  }
  /// Titles of the issues that are open, or were closed.
  std::set<std::string> issues(bool open) {
    std::set<std::string> out;
    for (const auto& issue : world.forge.issues("acme/infra"))
      if (issue.open == open) out.insert(issue.title);
    return out;
  }
};

const std::set<std::string> kLeft = {"What was applied to net was not merged"};

}  // namespace

TEST_CASE("what was applied and never merged has an issue until a person takes it back") {
  Room room;
  const auto number = room.open_and_apply({{"net/main.tf", RepositoryRoom::resources("vlan dns")}});
  REQUIRE(room.made("net") == Resources{"dns", "vlan"});
  room.close(number);
  CHECK(room.made("net") == Resources{"dns", "vlan"});
  CHECK(room.issues(true) == kLeft);
  CHECK(room.comment(number).find("`hci_instance.dns` is destroyed") != std::string::npos);
  room.say(number, "slipway apply " + room.asked(number));
  CHECK(room.made("net") == Resources{"vlan"});
  CHECK(room.issues(true).empty());
  CHECK(room.issues(false) == kLeft);
}

TEST_CASE("it is over when another pull request brings the same to the base branch") {
  Room room;
  const auto number = room.open_and_apply({{"net/main.tf", RepositoryRoom::resources("vlan dns")}});
  room.close(number);
  const auto other = room.open({{"net/main.tf", RepositoryRoom::resources("vlan dns")}});
  room.merge(other);
  CHECK(room.world.state_of(number) == "NoChanges");
  CHECK(room.issues(false) == kLeft);
  CHECK(room.made("net") == Resources{"dns", "vlan"});
}

TEST_CASE("a project that was never on the base branch is destroyed by the files it was applied with") {
  Room room;
  const auto number = room.open_and_apply({{"lab/main.tf", RepositoryRoom::resources("bench")}});
  REQUIRE(room.made("lab") == Resources{"bench"});
  room.close(number);
  CHECK(room.made("lab") == Resources{"bench"});
  room.say(number, "slipway apply " + room.asked(number));
  CHECK(room.made("lab").empty());
  CHECK(room.made("net") == Resources{"vlan"});
}

TEST_CASE("closed, with nothing applied: nothing is asked") {
  Room room;
  const auto number = room.open({{"net/main.tf", RepositoryRoom::resources("vlan dns")}});
  room.close(number);
  CHECK(room.issues(true).empty());
  CHECK(room.comment(number).find("**Closed without a merge.** Nothing is applied.") != std::string::npos);
}
