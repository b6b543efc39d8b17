#include "vcs/github_voice.h"

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

  Voice& voice() { return host->voice(); }
  FakeGithub::Pull& theirs() { return github.pull("acme/infra", id.number); }
};

}  // namespace

TEST_CASE("an app's token learns its login from GraphQL") {
  Room room;
  room.github.app_token = true;
  CHECK(room.voice().own_login(room.stop) == "slipway[bot]");
  const auto ours = room.voice().create_comment(room.id, "<!-- m -->", room.stop);
  CHECK(room.voice().find_comment(room.id, "<!-- m -->", room.stop) == ours);
}

TEST_CASE("where nobody tells the login, a comment by an app with our marker is ours and a person's is not") {
  Room room;
  room.github.app_token = true;
  room.github.has_graphql = false;
  CHECK_THROWS_AS(room.voice().own_login(room.stop), Failure);
  const auto ours = room.voice().create_comment(room.id, "<!-- m -->", room.stop);
  room.github.comment("acme/infra", room.id.number, "mallory", "<!-- m -->");
  CHECK(room.voice().find_comment(room.id, "<!-- m -->", room.stop) == ours);
}

TEST_CASE("the login is asked for once") {
  Room room;
  room.voice().own_login(room.stop);
  room.voice().own_login(room.stop);
  CHECK(room.github.requests.size() == 1);
}

TEST_CASE("of many pages of comments the last ones are read first") {
  Room room;
  for (int i = 0; i < 450; ++i) room.github.comment("acme/infra", room.id.number, "alice", "x");
  const auto ours = room.voice().create_comment(room.id, "<!-- m -->", room.stop);
  room.voice().own_login(room.stop);
  room.github.requests.clear();
  CHECK(room.voice().find_comment(room.id, "<!-- m -->", room.stop) == ours);
  CHECK(room.github.requests.size() == 2);
}

TEST_CASE("a broken connection after an edit does not lose the edit") {
  Room room;
  const auto ours = room.voice().create_comment(room.id, "planning", room.stop);
  room.github.faults = {{.where = "PATCH", .status = 0, .performed = true}};
  CHECK(room.voice().edit_comment(room.id, ours, "planned", room.stop));
  CHECK(room.theirs().comments[0].body == "planned");
}

TEST_CASE("reactions go to the pull request or to the comment") {
  Room room;
  const auto command = room.github.comment("acme/infra", room.id.number, "alice", "slipway plan");
  room.voice().react({room.id, 0}, Reaction::Eyes, room.stop);
  room.voice().react({room.id, command}, Reaction::ThumbsUp, room.stop);
  REQUIRE(room.theirs().reactions.size() == 2);
  CHECK(room.theirs().reactions[0] == "eyes by slipway-bot");
  CHECK_THAT(room.theirs().reactions[1], Catch::StartsWith("+1 by slipway-bot on "));
}

TEST_CASE("a refusal for the rate is not taken for a missing reaction") {
  Room room;
  room.github.faults = {{.where = "reactions", .status = 403, .headers = {{"Retry-After", "60"}}}};
  CHECK_THROWS_AS(room.voice().react({room.id, 0}, Reaction::Eyes, room.stop), Failure);
}

TEST_CASE("a pull request with an issue's title is not that issue") {
  Room room;
  room.voice().raise_issue(room.id.repo, room.theirs().title, "text", room.stop);
  CHECK(room.github.issues("acme/infra").size() == 1);
}

TEST_CASE("where issues are switched off nothing is raised and nothing fails") {
  Room room;
  room.github.repo("acme/infra").issues_on = false;
  CHECK_NOTHROW(room.voice().raise_issue(room.id.repo, "prod failed", "text", room.stop));
  CHECK(room.github.issues("acme/infra").empty());
}

TEST_CASE("an issue whose fate is unknown is found by its title the next time") {
  Room room;
  room.github.faults = {{.where = "POST", .status = 0, .performed = true}};
  CHECK_THROWS_AS(room.voice().raise_issue(room.id.repo, "prod failed", "text", room.stop), Failure);
  room.voice().raise_issue(room.id.repo, "prod failed", "text", room.stop);
  CHECK(room.github.issues("acme/infra").size() == 1);
}

TEST_CASE("a merge uses a method that the repository allows") {
  Room room;
  auto& settings = room.github.repo("acme/infra").settings;
  settings["allow_merge_commit"] = false;
  SECTION("squash") {
    settings["allow_rebase_merge"] = false;
    room.voice().merge(room.id, room.theirs().head, room.stop);
  }
  SECTION("rebase") {
    settings["allow_squash_merge"] = false;
    room.voice().merge(room.id, room.theirs().head, room.stop);
  }
  CHECK(room.theirs().merged_at.has_value());
}

TEST_CASE("a merge that may not be tells why, in the forge's words") {
  Room room;
  CHECK_THROWS_WITH(room.voice().merge(room.id, std::string(40, 'f'), room.stop),
                    Catch::Contains("409 Head branch was modified."));
  room.theirs().mergeable = false;
  CHECK_THROWS_WITH(room.voice().merge(room.id, room.theirs().head, room.stop),
                    Catch::Contains("405 Pull Request is not mergeable"));
}

TEST_CASE("a merge whose fate is unknown is not asked for again") {
  Room room;
  room.github.faults = {{.where = "PUT", .status = 502, .performed = true}};
  try {
    room.voice().merge(room.id, room.theirs().head, room.stop);
    FAIL("it did not throw");
  } catch (const Failure& failure) {
    CHECK(failure.retry() == Retry::Later);
  }
  CHECK(room.theirs().merged_at.has_value());
}

TEST_CASE("an Enterprise Server has GraphQL beside its REST") {
  struct Answering final : HttpClient {
    HttpResponse send(const HttpRequest& request, std::stop_token) override {
      asked.push_back(request.url);
      if (request.url.ends_with("/user")) return {403, {}, "{}"};
      return {200, {}, R"({"data":{"viewer":{"login":"slipway[bot]"}}})"};
    }
    std::vector<std::string> asked;
  } http;
  HostConfig config;
  config.name = "ghe";
  config.url = "https://git.acme.example/";
  const auto host = make_github(config, http);
  CHECK(host->voice().own_login({}) == "slipway[bot]");
  CHECK(http.asked == std::vector<std::string>{"https://git.acme.example/api/v3/user",
                                               "https://git.acme.example/api/graphql"});
}

}  // namespace slipway::vcs
