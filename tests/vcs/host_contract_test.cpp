#include "core/failure.h"
#include "tests/vcs/fake_forge.h"
#include "vcs/host.h"

#include <catch2/catch.hpp>

namespace slipway::vcs {
namespace {

const RepoId kInfra{"github", "acme/infra"};

/// A kind of forge, its fake, and a host that talks to it.
struct Room {
  std::unique_ptr<FakeForge> forge;
  std::unique_ptr<Host> host;
  RepoId repo;
  std::stop_token stop;

  explicit Room(const HostKind& kind) : forge(make_fake_forge(kind.kind)) {
    REQUIRE(forge != nullptr);  // a new kind of forge brings its fake
    host = kind.make(forge->config(), *forge);
    repo = {host->name(), "acme/infra"};
  }
  PullId id(std::int64_t number) const { return {repo, number}; }
  Pulls& pulls() { return host->pulls(); }
  Voice& voice() { return host->voice(); }
  std::size_t asked(std::string_view what) const {
    std::size_t count = 0;
    for (const auto& request : forge->requests)
      count += (request.method + " " + request.url).find(what) != std::string::npos;
    return count;
  }
};

/// The same test for each kind of forge that is registered.
template <class Test>
void with_each_kind(Test&& test) {
  REQUIRE_FALSE(host_kinds().empty());
  for (const HostKind& kind : host_kinds()) {
    DYNAMIC_SECTION(kind.kind) {
      Room room(kind);
      test(room);
    }
  }
}

}  // namespace

TEST_CASE("a pull request is fetched as it is now") {
  with_each_kind([](Room& room) {
    const auto number = room.forge->open_pull({});
    room.forge->permit("acme/infra", "alice", Permission::Write);
    const PullRequest pull = room.pulls().pull(room.id(number), room.stop);
    CHECK(pull.id == room.id(number));
    CHECK(pull.title == "Add two web servers");
    CHECK(pull.author == "alice");
    CHECK(pull.author_may_write);
    CHECK(pull.state == PullState::Open);
    CHECK_FALSE(pull.from_fork);
    CHECK(pull.base_branch == "main");
    CHECK(pull.head == std::string(40, 'a'));
    CHECK(pull.url == room.host->pull_url(room.id(number)));
    room.forge->close_pull("acme/infra", number);
    CHECK(room.pulls().pull(room.id(number), room.stop).state == PullState::Closed);
  });
}

TEST_CASE("a merged pull request tells its merge commit, and when it was merged") {
  with_each_kind([](Room& room) {
    const auto number = room.forge->open_pull({});
    const Sha commit = room.forge->merge_pull("acme/infra", number);
    const PullRequest pull = room.pulls().pull(room.id(number), room.stop);
    CHECK(pull.state == PullState::Merged);
    CHECK(pull.merge_commit == commit);
    CHECK(pull.merged_by == "alice");
    CHECK(pull.merged_at == room.forge->now);
  });
}

TEST_CASE("an author without write permission is an outsider") {
  with_each_kind([](Room& room) {
    const auto number = room.forge->open_pull({.author = "mallory"});
    CHECK_FALSE(room.pulls().pull(room.id(number), room.stop).author_may_write);
    room.forge->permit("acme/infra", "mallory", Permission::Read);
    CHECK_FALSE(room.pulls().pull(room.id(number), room.stop).author_may_write);
  });
}

TEST_CASE("a permission that was taken away counts at once") {
  with_each_kind([](Room& room) {
    const auto number = room.forge->open_pull({});
    room.forge->permit("acme/infra", "alice", Permission::Write);
    CHECK(room.pulls().pull(room.id(number), room.stop).author_may_write);
    room.forge->permit("acme/infra", "alice", Permission::Read);
    CHECK_FALSE(room.pulls().pull(room.id(number), room.stop).author_may_write);
  });
}

TEST_CASE("a pull request from a fork is known as one") {
  with_each_kind([](Room& room) {
    const auto number = room.forge->open_pull({.author = "mallory", .from_fork = true});
    CHECK(room.pulls().pull(room.id(number), room.stop).from_fork);
  });
}

TEST_CASE("the newest review of each person counts") {
  with_each_kind([](Room& room) {
    const auto number = room.forge->open_pull({});
    room.forge->review("acme/infra", number, "bob", true);
    room.forge->review("acme/infra", number, "carol", true);
    room.forge->review("acme/infra", number, "bob", false);
    const auto reviews = room.pulls().pull(room.id(number), room.stop).reviews;
    REQUIRE(reviews.size() == 2);
    CHECK(reviews[0].author == "bob");
    CHECK_FALSE(reviews[0].approved);
    CHECK(reviews[1].author == "carol");
    CHECK(reviews[1].approved);
    CHECK(reviews[1].commit == std::string(40, 'a'));
  });
}

TEST_CASE("open and closed pull requests are listed over all pages") {
  with_each_kind([](Room& room) {
    for (int i = 0; i < 230; ++i) room.forge->open_pull({});
    for (int i = 1; i <= 110; ++i) room.forge->close_pull("acme/infra", i);
    CHECK(room.pulls().open_pulls(room.repo, room.stop).size() == 120);
    CHECK(room.pulls().closed_pulls(room.repo, Time{}, room.stop).size() == 110);
    const auto since = room.forge->now - std::chrono::seconds(9);
    const auto newest = room.pulls().closed_pulls(room.repo, since, room.stop);
    REQUIRE(newest.size() == 10);
    CHECK(newest.front().id.number == 110);
  });
}

TEST_CASE("what a person may do is asked of the forge") {
  with_each_kind([](Room& room) {
    room.forge->permit("acme/infra", "root", Permission::Admin);
    room.forge->permit("acme/infra", "alice", Permission::Write);
    room.forge->permit("acme/infra", "eve", Permission::Read);
    CHECK(room.pulls().permission(room.repo, "root", room.stop) == Permission::Admin);
    CHECK(room.pulls().permission(room.repo, "alice", room.stop) == Permission::Write);
    CHECK(room.pulls().permission(room.repo, "eve", room.stop) == Permission::Read);
    CHECK(room.pulls().permission(room.repo, "nobody", room.stop) == Permission::None);
  });
}

TEST_CASE("a team has its members and no others") {
  with_each_kind([](Room& room) {
    room.forge->join_team("@acme/dba", "dora");
    CHECK(room.pulls().in_team("@acme/dba", "dora", room.stop));
    CHECK_FALSE(room.pulls().in_team("@acme/dba", "alice", room.stop));
    CHECK_THROWS_AS(room.pulls().in_team("@acme/none", "dora", room.stop), Failure);
    CHECK_THROWS_AS(room.pulls().in_team("dba", "dora", room.stop), Failure);
  });
}

TEST_CASE("comments made after a time are read, oldest first, over all pages") {
  with_each_kind([](Room& room) {
    const auto number = room.forge->open_pull({});
    room.forge->comment("acme/infra", number, "alice", "before");
    const Time since = room.forge->now;
    for (int i = 0; i < 150; ++i) room.forge->comment("acme/infra", number, "alice", "slipway plan");
    const auto comments = room.pulls().comments(room.id(number), since, room.stop);
    REQUIRE(comments.size() == 150);
    CHECK(comments.front().id < comments.back().id);
    CHECK(comments.front().body == "slipway plan");
    CHECK(comments.front().at > since);
  });
}

TEST_CASE("comments on issues are read for the whole repository, oldest first, with the number of each") {
  with_each_kind([](Room& room) {
    const auto pull = room.forge->open_pull({});
    room.voice().raise_issue({"github", "acme/infra"}, "Look at this", "please", room.stop);
    const auto issue = room.forge->issues("acme/infra").front().number;
    room.forge->comment("acme/infra", issue, "alice", "before");
    const Time since = room.forge->now;
    for (int i = 0; i < 60; ++i) {
      room.forge->comment("acme/infra", issue, "alice", "on the issue");
      room.forge->comment("acme/infra", pull, "alice", "on the pull request");
    }
    auto comments = room.pulls().issue_comments({"github", "acme/infra"}, since, room.stop);
    std::erase_if(comments, [&](const heard::Commented& one) { return one.pull.number == pull; });
    REQUIRE(comments.size() == 60);
    CHECK(comments.front().comment.id < comments.back().comment.id);
    for (const heard::Commented& one : comments) {
      CHECK(one.pull == room.id(issue));
      CHECK(one.on_issue);
      CHECK(one.comment.body == "on the issue");
    }
  });
}

TEST_CASE("an old comment that was edited since is not a new one") {
  with_each_kind([](Room& room) {
    const auto number = room.forge->open_pull({});
    const auto comment = room.voice().create_comment(room.id(number), "first", room.stop);
    const Time since = room.forge->now;
    REQUIRE(room.voice().edit_comment(room.id(number), comment, "slipway apply", room.stop));
    CHECK(room.pulls().comments(room.id(number), since, room.stop).empty());
  });
}

TEST_CASE("our comment is found again by its marker, the newest first") {
  with_each_kind([](Room& room) {
    const auto number = room.forge->open_pull({});
    CHECK_FALSE(room.voice().find_comment(room.id(number), "<!-- m -->", room.stop).has_value());
    room.voice().create_comment(room.id(number), "<!-- m -->\nolder", room.stop);
    for (int i = 0; i < 250; ++i) room.forge->comment("acme/infra", number, "alice", "hello");
    const auto newer = room.voice().create_comment(room.id(number), "<!-- m -->\nnewer", room.stop);
    room.forge->comment("acme/infra", number, "alice", "thanks");
    CHECK(room.voice().find_comment(room.id(number), "<!-- m -->", room.stop) == newer);
  });
}

TEST_CASE("somebody else's comment with our marker is not ours") {
  with_each_kind([](Room& room) {
    const auto number = room.forge->open_pull({});
    room.forge->comment("acme/infra", number, "mallory", "<!-- m -->\ncopied");
    CHECK_FALSE(room.voice().find_comment(room.id(number), "<!-- m -->", room.stop).has_value());
  });
}

TEST_CASE("a comment is created once and edited after") {
  with_each_kind([](Room& room) {
    const auto number = room.forge->open_pull({});
    const auto comment = room.voice().create_comment(room.id(number), "planning", room.stop);
    CHECK(room.voice().edit_comment(room.id(number), comment, "planned", room.stop));
    const auto said = room.forge->comments("acme/infra", number);
    REQUIRE(said.size() == 1);
    CHECK(said[0].body == "planned");
    CHECK(said[0].author == room.voice().own_login(room.stop));
    room.forge->delete_comment("acme/infra", comment);
    CHECK_FALSE(room.voice().edit_comment(room.id(number), comment, "applied", room.stop));
  });
}

TEST_CASE("a comment whose fate is unknown is not sent again") {
  with_each_kind([](Room& room) {
    const auto number = room.forge->open_pull({});
    room.forge->faults = {{.where = "POST", .status = 0, .performed = true}};
    try {
      room.voice().create_comment(room.id(number), "once", room.stop);
      FAIL("it did not throw");
    } catch (const Failure& failure) {
      CHECK(failure.retry() == Retry::Later);
    }
    CHECK(room.forge->comments("acme/infra", number).size() == 1);
    CHECK(room.asked("POST") == 1);
  });
}

TEST_CASE("reading goes on after a broken connection and a bad gateway") {
  with_each_kind([](Room& room) {
    const auto number = room.forge->open_pull({});
    room.forge->faults = {{.where = "GET", .status = 0}, {.where = "GET", .status = 502}};
    CHECK(room.pulls().pull(room.id(number), room.stop).title == "Add two web servers");
  });
}

TEST_CASE("a forge that stays down is a failure to try again later") {
  with_each_kind([](Room& room) {
    const auto number = room.forge->open_pull({});
    for (int i = 0; i < 9; ++i) room.forge->faults.push_back({.where = "GET", .status = 503});
    try {
      room.pulls().pull(room.id(number), room.stop);
      FAIL("it did not throw");
    } catch (const Failure& failure) {
      CHECK(failure.retry() == Retry::Later);
      CHECK_THAT(failure.what(), Catch::Contains("503"));
    }
    CHECK(room.forge->requests.size() < 9);
  });
}

TEST_CASE("a status is set, and its description fits the forge") {
  with_each_kind([](Room& room) {
    std::string description;
    for (int i = 0; i < 200; ++i) description += "ü";
    room.voice().set_status({.repo = room.repo,
                             .commit = std::string(40, 'a'),
                             .context = "slipway/plan",
                             .state = StatusState::Success,
                             .description = description,
                             .url = "https://slipway.acme.example/pulls/1"},
                            room.stop);
    const auto statuses = room.forge->statuses("acme/infra");
    REQUIRE(statuses.size() == 1);
    CHECK(statuses[0].commit == std::string(40, 'a'));
    CHECK(statuses[0].context == "slipway/plan");
    CHECK(statuses[0].state == StatusState::Success);
    CHECK(statuses[0].url == "https://slipway.acme.example/pulls/1");
    CHECK(statuses[0].description.ends_with("ü…"));
  });
}

TEST_CASE("a status is sent again until it stands") {
  with_each_kind([](Room& room) {
    room.forge->faults = {{.where = "POST", .status = 0}, {.where = "POST", .status = 500}};
    room.voice().set_status({.repo = room.repo,
                             .commit = std::string(40, 'a'),
                             .context = "slipway/plan",
                             .state = StatusState::Pending,
                             .description = "planning",
                             .url = ""},
                            room.stop);
    CHECK(room.forge->statuses("acme/infra").size() == 1);
  });
}

TEST_CASE("a reaction that the forge refuses costs nothing") {
  with_each_kind([](Room& room) {
    const auto number = room.forge->open_pull({});
    room.forge->faults = {{.where = "POST", .status = 403}};
    CHECK_NOTHROW(room.voice().react({room.id(number), 0}, Reaction::Eyes, room.stop));
    CHECK_NOTHROW(room.voice().react({room.id(number), 4711}, Reaction::Rocket, room.stop));
  });
}

TEST_CASE("an issue is opened, then found by its title, edited and reopened") {
  with_each_kind([](Room& room) {
    room.voice().raise_issue(room.repo, "prod/web failed", "first", room.stop);
    room.voice().raise_issue(room.repo, "prod/web failed", "second", room.stop);
    auto& issues = room.forge->issues("acme/infra");
    REQUIRE(issues.size() == 1);
    CHECK(issues[0].body == "second");
    issues[0].open = false;
    room.voice().raise_issue(room.repo, "prod/web failed", "third", room.stop);
    REQUIRE(issues.size() == 1);
    CHECK(issues[0].open);
    CHECK(issues[0].body == "third");
    room.voice().raise_issue(room.repo, "prod/db failed", "other", room.stop);
    CHECK(issues.size() == 2);
  });
}

TEST_CASE("an open issue is closed by its title with a last word, and no other is touched") {
  with_each_kind([](Room& room) {
    room.voice().raise_issue(room.repo, "prod/web failed", "first", room.stop);
    room.voice().close_issue(room.repo, "prod/db failed", "over", room.stop);
    auto& issues = room.forge->issues("acme/infra");
    REQUIRE(issues.size() == 1);
    CHECK(issues[0].open);
    room.voice().close_issue(room.repo, "prod/web failed", "over", room.stop);
    CHECK_FALSE(issues[0].open);
    CHECK(issues[0].body == "over");
    room.voice().close_issue(room.repo, "prod/web failed", "again", room.stop);
    CHECK(issues[0].body == "over");
  });
}

TEST_CASE("a merge takes exactly the head that was looked at") {
  with_each_kind([](Room& room) {
    const auto number = room.forge->open_pull({});
    CHECK_THROWS_AS(room.voice().merge(room.id(number), std::string(40, 'f'), room.stop), Failure);
    CHECK(room.pulls().pull(room.id(number), room.stop).state == PullState::Open);
    room.voice().merge(room.id(number), std::string(40, 'a'), room.stop);
    CHECK(room.pulls().pull(room.id(number), room.stop).state == PullState::Merged);
  });
}

TEST_CASE("repositories are listed by the pattern of the config") {
  with_each_kind([](Room& room) {
    room.forge->open_pull({.repo = "acme/network"});
    room.forge->open_pull({.repo = "other/infra"});
    CHECK(room.pulls().repos("acme/*", room.stop).size() == 2);
    const auto one = room.pulls().repos("acme/infra", room.stop);
    REQUIRE(one.size() == 1);
    CHECK(one[0] == room.repo);
    CHECK(room.pulls().repos("acme/none", room.stop).empty());
  });
}

TEST_CASE("a delivery is recognised, checked and heard") {
  with_each_kind([](Room& room) {
    const auto number = room.forge->open_pull({});
    const Delivery delivery = room.forge->delivery("acme/infra", number, "hush");
    Deliveries& deliveries = room.host->deliveries();
    CHECK(deliveries.recognises(delivery.headers));
    CHECK_FALSE(deliveries.recognises({{"content-type", "application/json"}}));
    CHECK(deliveries.check(delivery.headers, delivery.body) == Signature::Good);
    CHECK(deliveries.check(delivery.headers, delivery.body + " ") == Signature::Bad);
    const Delivery forged = room.forge->delivery("acme/infra", number, "guessed");
    CHECK(deliveries.check(forged.headers, forged.body) == Signature::Bad);
    CHECK_FALSE(deliveries.delivery_id(delivery.headers).empty());
    const auto heard = deliveries.hear(delivery.headers, delivery.body);
    REQUIRE(heard.has_value());
    const auto* touched = std::get_if<heard::PullTouched>(&*heard);
    REQUIRE(touched != nullptr);
    CHECK(touched->pull == room.id(number));
  });
}

TEST_CASE("headers that are kept hold no secret and suffice to hear the delivery again") {
  with_each_kind([](Room& room) {
    const auto number = room.forge->open_pull({});
    Delivery delivery = room.forge->delivery("acme/infra", number, "hush");
    delivery.headers["authorization"] = "Bearer hush";
    delivery.headers["cookie"] = "hush";
    delivery.headers["x-gitlab-token"] = "hush";
    const Headers kept = room.host->deliveries().kept(delivery.headers);
    for (const auto& [name, value] : kept) CHECK(value.find("hush") == std::string::npos);
    CHECK(room.host->deliveries().event(kept) == room.host->deliveries().event(delivery.headers));
    CHECK(room.host->deliveries().hear(kept, delivery.body).has_value());
  });
}

TEST_CASE("git is reached by an address that holds no token") {
  with_each_kind([](Room& room) {
    const GitAccess access = room.host->git_access(room.repo);
    CHECK(access.url.find("@") == std::string::npos);
    CHECK_THAT(access.url, Catch::StartsWith("https://") && Catch::Contains("acme/infra"));
    CHECK(access.password == room.forge->config().token);
    CHECK_FALSE(access.username.empty());
    CHECK_THAT(room.host->pull_ref(room.id(12)), Catch::StartsWith("refs/") && Catch::Contains("12"));
  });
}

TEST_CASE("nothing is asked of the forge once a stop was asked for") {
  with_each_kind([](Room& room) {
    const auto number = room.forge->open_pull({});
    std::stop_source source;
    source.request_stop();
    CHECK_THROWS_AS(room.pulls().pull(room.id(number), source.get_token()), Stopped);
    CHECK_THROWS_AS(room.voice().create_comment(room.id(number), "late", source.get_token()), Stopped);
    CHECK(room.forge->comments("acme/infra", number).empty());
  });
}

}  // namespace slipway::vcs
