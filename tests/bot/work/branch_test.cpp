#include "bot/work/jobs/branch.h"

#include "tests/bot/work/repository_room.h"

#include <catch2/catch.hpp>

#include <set>

using namespace slipway;
using namespace slipway::work;

namespace {

using Resources = std::set<std::string>;

const std::string kMain = "refs/heads/main";

/// net/ is on the base branch, and its state holds what it says.
struct Room : RepositoryRoom {
  explicit Room(const std::string& config = ", confirm: writers")
      : RepositoryRoom({{"net/main.tf", resources("vlan")}, {"README", "about"}}, config) {
    world.terraform.worlds["net"] = {{"vlan"}, 1};
  }

  /// A commit right on the base branch, and what follows from it.
  Sha push(const std::string& path, const std::string& text) {
    FakeRepository::Files now = files();
    now[path] = text;
    commit(now);
    compared();
    return repository.refs.at(kMain);
  }
  void compared() {
    world.store().transact([&](store::Transaction& rows) {
      rows.jobs.add(branch_job({{"github", "acme/infra"}, "main"}, world.clock.now()));
    });
    world.settle();
  }
  std::vector<Change> pushed(const Sha& commit) {
    std::vector<Change> out;
    world.store().read([&](const store::Snapshot& rows) {
      out = rows.changes.of_pull(push_id({"github", "acme/infra"}, commit));
    });
    return out;
  }
  const phase::AwaitingConfirm* asks(const Sha& commit) {
    last_ = pushed(commit);
    return last_.empty() ? nullptr : std::get_if<phase::AwaitingConfirm>(&last_.front().state);
  }
  const Resources& made() { return world.terraform.worlds["net"].resources; }
  std::size_t open_issues() {
    std::size_t count = 0;
    for (const auto& issue : world.forge.issues("acme/infra")) count += issue.open ? 1 : 0;
    return count;
  }

 private:
  std::vector<Change> last_;
};

}  // namespace

TEST_CASE("what came without a pull request is planned and shown, and applied by nobody") {
  Room room;
  const Sha commit = room.push("net/main.tf", RepositoryRoom::resources("vlan dns"));
  REQUIRE(room.asks(commit) != nullptr);
  CHECK(room.asks(commit)->why == "it came to `main` without a pull request");
  CHECK(room.made() == Resources{"vlan"});
  REQUIRE(room.world.forge.issues("acme/infra").size() == 1);
  const auto& issue = room.world.forge.issues("acme/infra").front();
  CHECK(issue.title == "A commit that changes net came without a pull request");
  CHECK(issue.body.find("slipway apply " + room.asks(commit)->plan) != std::string::npos);
  bool told = false;
  for (const auto& status : room.world.forge.statuses("acme/infra"))
    told = told || (status.commit == commit && status.context == "slipway/apply" &&
                    status.description.find("it came to main without a pull request") != std::string::npos);
  CHECK(told);
}

TEST_CASE("its plan is confirmed by its name, on any pull request") {
  Room room;
  const auto number = room.open({{"lab/main.tf", RepositoryRoom::resources("bench")}});
  const Sha commit = room.push("net/main.tf", RepositoryRoom::resources("vlan dns"));
  REQUIRE(room.asks(commit) != nullptr);
  room.world.comment(number, "alice", "slipway apply " + room.asks(commit)->plan);
  room.world.settle();
  CHECK(room.made() == Resources{"dns", "vlan"});
  CHECK(room.open_issues() == 0);
  CHECK(room.world.state_of(number) == "Ready");
}

TEST_CASE("its plan is confirmed on its issue, though no webhook tells of that") {
  Room room;
  const Sha commit = room.push("net/main.tf", RepositoryRoom::resources("vlan dns"));
  REQUIRE(room.asks(commit) != nullptr);
  auto& forge = room.world.forge;
  forge.now = room.world.clock.now();
  const auto issue = forge.issues("acme/infra").front().number;
  forge.comment("acme/infra", issue, "alice", "slipway help");
  forge.comment("acme/infra", issue, "alice", "slipway apply " + room.asks(commit)->plan);
  room.world.clock.time += std::chrono::minutes(3);
  room.world.settle();
  CHECK(room.made() == Resources{"dns", "vlan"});
  CHECK(room.open_issues() == 0);
}

TEST_CASE("comments on issues are asked for only while a push waits") {
  Room room;
  const auto asked = [&] {
    room.world.forge.requests.clear();
    room.world.clock.time += std::chrono::minutes(3);
    room.world.settle();
    const auto& requests = room.world.forge.requests;
    return std::any_of(requests.begin(), requests.end(), [](const HttpRequest& request) {
      return request.url.find("/issues/comments?") != std::string::npos;
    });
  };
  CHECK_FALSE(asked());
  const Sha commit = room.push("net/main.tf", RepositoryRoom::resources("vlan dns"));
  CHECK(asked());
  room.push("net/main.tf", RepositoryRoom::resources("vlan"));
  REQUIRE(name_of(room.pushed(commit).front().state) == "NoChanges");
  CHECK_FALSE(asked());
}

TEST_CASE("a push that touches no project is nobody's business") {
  Room room;
  const Sha commit = room.push("README", "more");
  CHECK(room.pushed(commit).empty());
  CHECK(room.world.forge.issues("acme/infra").empty());
}

TEST_CASE("a merge is no push, whatever is heard of it first") {
  Room room;
  const auto number = room.open({{"net/main.tf", RepositoryRoom::resources("vlan dns")}});
  room.world.merge_pull(number);
  room.compared();
  CHECK(room.pushed(room.repository.refs.at(kMain)).empty());
  CHECK(room.world.state_of(number) == "Done");
}

TEST_CASE("a push that is taken back by another has nothing left to ask") {
  Room room;
  const Sha first = room.push("net/main.tf", RepositoryRoom::resources("vlan dns"));
  REQUIRE(room.open_issues() == 1);
  const Sha second = room.push("net/main.tf", RepositoryRoom::resources("vlan"));
  CHECK(name_of(room.pushed(first).front().state) == "NoChanges");
  CHECK(name_of(room.pushed(second).front().state) == "NoChanges");
  CHECK(room.open_issues() == 0);
}

TEST_CASE("a push is seen though no webhook tells of it") {
  Room room;
  FakeRepository::Files now = room.files();
  now["net/main.tf"] = RepositoryRoom::resources("vlan dns");
  room.commit(now);
  room.world.clock.time += std::chrono::minutes(3);
  room.world.settle();
  CHECK(room.asks(room.repository.refs.at(kMain)) != nullptr);
}

TEST_CASE("a rewritten branch asks again about what waits, and counts on") {
  Room room(", confirm: writers, requirements: [approved]");
  const Sha before = room.repository.refs.at(kMain);
  const auto number = room.open({{"net/main.tf", RepositoryRoom::resources("vlan dns")}});
  room.merge(number);
  REQUIRE(room.world.state_of(number) == "AwaitingConfirm");
  // The merge is gone, and something else is there.
  FakeRepository::Files files = room.repository.files(room.repository.tree_of(before));
  files["net/main.tf"] = RepositoryRoom::resources("vlan ntp");
  const Sha other = room.repository.commit(files, {before});
  room.repository.refs.at(kMain) = other;
  room.compared();
  CHECK(room.made() == Resources{"vlan"});
  const auto change = room.changes(number).front();
  const phase::Trigger* trigger = trigger_ever(change.state);
  REQUIRE(trigger != nullptr);
  CHECK(trigger->commit == other);
  CHECK(trigger->lacks == "`main` was rewritten after it was merged");
  REQUIRE(room.asks(other) != nullptr);
  CHECK(room.asks(other)->why.find("`main` was rewritten") != std::string::npos);
  // What is merged from now on is later than everything before.
  const auto next = room.open({{"net/main.tf", RepositoryRoom::resources("vlan ntp mail")}});
  room.merge(next);
  const auto newest = room.changes(next).front();
  CHECK(trigger_ever(newest.state)->order > trigger->order);
}

TEST_CASE("a branch that is rewritten right after a merge is seen to be") {
  Room room;
  const Sha before = room.repository.refs.at(kMain);
  const auto number = room.open({{"net/main.tf", RepositoryRoom::resources("vlan dns")}});
  room.world.merge_pull(number);
  room.world.deliver("pull_request", number);
  room.world.store().transact([&](store::Transaction& rows) {
    rows.jobs.add(branch_job({{"github", "acme/infra"}, "main"}, room.world.clock.now()));
  });
  room.world.work_until([&] {
    Sha seen;
    room.world.store().read(
        [&](const store::Snapshot& rows) { seen = rows.pulls.repo({"github", "acme/infra"}, "main")->seen; });
    return room.world.state_of(number) == "Done" && seen == room.repository.refs.at(kMain);
  });
  REQUIRE(room.made() == Resources{"dns", "vlan"});
  room.repository.refs.at(kMain) = before;
  room.compared();
  REQUIRE(room.asks(before) != nullptr);
  CHECK(room.made() == Resources{"dns", "vlan"});
}

TEST_CASE("a branch that is moved to and fro asks each time") {
  Room room;
  const Sha before = room.repository.refs.at(kMain);
  const Sha dns = room.push("net/main.tf", RepositoryRoom::resources("vlan dns"));
  REQUIRE(room.asks(dns) != nullptr);
  const auto number = room.open({{"lab/main.tf", RepositoryRoom::resources("bench")}});
  room.world.comment(number, "alice", "slipway apply " + room.asks(dns)->plan);
  room.world.settle();
  REQUIRE(room.made() == Resources{"dns", "vlan"});
  room.repository.refs.at(kMain) = before;
  room.compared();
  REQUIRE(room.asks(before) != nullptr);
  room.world.comment(number, "alice", "slipway apply " + room.asks(before)->plan);
  room.world.settle();
  REQUIRE(room.made() == Resources{"vlan"});
  room.repository.refs.at(kMain) = dns;
  room.compared();
  CHECK(room.asks(dns) != nullptr);
  CHECK(room.made() == Resources{"vlan"});
}
