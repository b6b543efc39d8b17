#include "vcs/github_pulls.h"

#include "core/failure.h"
#include "tests/vcs/fake_github.h"
#include "vcs/github.h"

#include <catch2/catch.hpp>

namespace slipway::vcs {
namespace {

struct Room {
  FakeGithub github;
  std::unique_ptr<Host> host = make_github(github.config(), github);
  PullId id{{"github", "acme/infra"}, github.open_pull({})};
  std::stop_token stop;

  FakeGithub::Pull& theirs() { return github.pull("acme/infra", id.number); }
  PullRequest ours() { return host->pulls().pull(id, stop); }
};

}  // namespace

TEST_CASE("a pull request whose fork was deleted is still from a fork") {
  Room room;
  room.theirs().head_repo.reset();
  CHECK(room.ours().from_fork);
}

TEST_CASE("a repository that was renamed is not a fork of itself") {
  Room room;
  FakeGithub::Repo moved = room.github.repo("acme/infra");
  moved.path = "acme/infrastructure";
  room.github.repos["acme/infra"] = moved;
  room.theirs().head_repo = "acme/infra";
  CHECK_FALSE(room.ours().from_fork);
}

TEST_CASE("a deleted account is a ghost, and may not write") {
  Room room;
  room.theirs().author.clear();
  room.github.permit("acme/infra", "ghost", Permission::Admin);
  const PullRequest pull = room.ours();
  CHECK(pull.author == "ghost");
  CHECK_FALSE(pull.author_may_write);
}

TEST_CASE("whether it can be merged may not be known yet") {
  Room room;
  CHECK(room.ours().mergeable == true);
  room.theirs().mergeable.reset();
  CHECK_FALSE(room.ours().mergeable.has_value());
}

TEST_CASE("a trial merge's commit is not a merge commit") {
  Room room;
  room.theirs().merge_commit = std::string(40, 'd');
  CHECK(room.ours().merge_commit.empty());
}

TEST_CASE("a server that knows no reviews and no permissions costs a convenience") {
  Room room;
  room.github.has_reviews = false;
  const PullRequest pull = room.ours();
  CHECK(pull.reviews.empty());
  CHECK_FALSE(pull.author_may_write);
}

TEST_CASE(
    "where the token may not ask for permissions the author is an outsider, and a command's author a "
    "failure") {
  Room room;
  const Fault refused{.where = "/permission",
                      .status = 403,
                      .body = R"({"message":"Must have push access to view collaborator permission."})"};
  room.github.faults = {refused};
  CHECK_FALSE(room.ours().author_may_write);
  room.github.faults = {refused};
  CHECK_THROWS_WITH(room.host->pulls().permission(room.id.repo, "alice", room.stop),
                    Catch::Contains("Must have push access"));
}

TEST_CASE("a dismissed review approves nothing, and a remark changes nothing") {
  Room room;
  room.github.review("acme/infra", room.id.number, "bob", true);
  room.theirs().reviews.push_back({"bob", "COMMENTED", room.theirs().head, room.github.now});
  REQUIRE(room.ours().reviews.size() == 1);
  CHECK(room.ours().reviews[0].approved);
  room.theirs().reviews[0].state = "DISMISSED";
  REQUIRE(room.ours().reviews.size() == 1);
  CHECK_FALSE(room.ours().reviews[0].approved);
}

TEST_CASE("a review of a deleted account or without a commit is no hurdle") {
  Room room;
  room.theirs().reviews = {{"", "APPROVED", room.theirs().head, room.github.now},
                           {"bob", "APPROVED", "", room.github.now}};
  const auto reviews = room.ours().reviews;
  REQUIRE(reviews.size() == 1);
  CHECK(reviews[0].author == "bob");
  CHECK(reviews[0].commit.empty());
}

TEST_CASE("reviews beyond the first page count") {
  Room room;
  for (int i = 0; i < 120; ++i) room.github.review("acme/infra", room.id.number, "bob", false);
  room.github.review("acme/infra", room.id.number, "bob", true);
  REQUIRE(room.ours().reviews.size() == 1);
  CHECK(room.ours().reviews[0].approved);
}

TEST_CASE("an app's token lists what its installation sees") {
  Room room;
  room.github.app_token = true;
  room.github.repo("acme/network");
  room.github.page_size = 1;
  CHECK(room.host->pulls().repos("acme/*", room.stop).size() == 2);
}

TEST_CASE("patterns have no case, and archived repositories are left out") {
  Room room;
  room.github.repo("Acme/Network");
  room.github.repo("acme/old").archived = true;
  const auto repos = room.host->pulls().repos("ACME/*", room.stop);
  REQUIRE(repos.size() == 2);
  CHECK(repos[0].path == "Acme/Network");
  CHECK(room.host->pulls().repos("acme/old", room.stop).empty());
}

TEST_CASE("a name with brackets or a slash stays one segment of the path") {
  Room room;
  room.github.permit("acme/infra", "dependabot[bot]", Permission::Write);
  CHECK(room.host->pulls().permission(room.id.repo, "dependabot[bot]", room.stop) == Permission::Write);
  room.host->pulls().permission(room.id.repo, "../../user", room.stop);
  CHECK_THAT(room.github.requests.back().url, Catch::Contains("..%2F..%2Fuser"));
}

TEST_CASE("closed pull requests are read no further back than asked") {
  Room room;
  for (int i = 0; i < 500; ++i) room.github.close_pull("acme/infra", room.github.open_pull({}));
  room.github.requests.clear();
  CHECK(room.host->pulls().closed_pulls(room.id.repo, room.github.now, room.stop).size() == 1);
  CHECK(room.github.requests.size() == 1);
}

TEST_CASE("a forge that pages without end is a failure") {
  Room room;
  room.github.page_size = 1;
  for (int i = 0; i < 101; ++i) room.github.comment("acme/infra", room.id.number, "alice", "x");
  CHECK_THROWS_AS(room.host->pulls().comments(room.id, Time{}, room.stop), Failure);
}

}  // namespace slipway::vcs
