#include "vcs/github_app.h"

#include "core/failure.h"
#include "tests/app_key.h"
#include "tests/vcs/fake_github.h"
#include "vcs/github.h"

#include <catch2/catch.hpp>

namespace slipway::vcs {
namespace {

/// GitHub where acme installed our app, and a host that is that app.
struct Room {
  FakeGithub github;
  std::unique_ptr<Host> host;
  PullId id{{"github", "acme/infra"}, 0};
  std::stop_token stop;

  explicit Room(std::string_view key = kAppKey) {
    github.app.emplace();
    github.app->key = kAppKey;
    github.app->installed_by = {{"acme", 7}};
    github.app_token = true;
    HostConfig config = github.config();
    config.token = {};
    config.app = {github.app->id, Secret(std::string(key))};
    config.now = [this] { return github.now; };
    config.pause = [](std::chrono::milliseconds, std::stop_token) {};
    host = make_github(config, github);
    id.number = github.open_pull({});
  }

  PullRequest pull() { return host->pulls().pull(id, stop); }

  std::string failure() {
    try {
      pull();
    } catch (const Failure& failed) {
      return failed.what();
    }
    return {};
  }

  std::size_t asked(std::string_view part) const {
    return static_cast<std::size_t>(
        std::count_if(github.requests.begin(), github.requests.end(), [&](const HttpRequest& request) {
          return (request.method + " " + request.url).find(part) != std::string::npos;
        }));
  }
};

}  // namespace

TEST_CASE("an app reads and writes by the token of its installation, asked for once") {
  Room room;
  CHECK(room.pull().title == "Add two web servers");
  room.host->voice().create_comment(room.id, "planned", room.stop);
  CHECK(room.github.app->given() == 1);
  CHECK(room.asked("/repos/acme/infra/installation") == 1);
  for (const HttpRequest& request : room.github.requests)
    CHECK(request.url.find("ghs_") == std::string::npos);
}

TEST_CASE("an app's git reads by the same token") {
  Room room;
  const GitAccess access = room.host->git_access(room.id.repo);
  CHECK(access.username == "x-access-token");
  CHECK(access.password.reveal() == "ghs_1");
  CHECK(access.url.find("ghs_") == std::string::npos);
}

TEST_CASE("a token is renewed before it expires, and never used up to its last minute") {
  Room room;
  room.pull();
  room.github.now += room.github.app->life - kTokenReserve - std::chrono::seconds(5);
  room.pull();
  CHECK(room.github.app->given() == 1);
  room.github.now += std::chrono::seconds(10);
  room.pull();
  CHECK(room.github.app->given() == 2);
}

TEST_CASE("a token that was revoked is asked for anew, and the request goes through") {
  Room room;
  room.pull();
  room.github.app->revoke_all();
  CHECK(room.pull().title == "Add two web servers");
  CHECK(room.github.app->given() == 2);
}

TEST_CASE("an app that was installed anew is found under its new number") {
  Room room;
  room.pull();
  room.github.app->revoke_all();
  room.github.app->installed_by = {{"acme", 8}};
  CHECK(room.pull().title == "Add two web servers");
}

TEST_CASE("an app speaks as its slug, and finds its own comments by it") {
  Room room;
  CHECK(room.host->voice().own_login(room.stop) == "slipway[bot]");
  const auto comment = room.host->voice().create_comment(room.id, "<!-- marker --> planned", room.stop);
  CHECK(room.host->voice().find_comment(room.id, "<!-- marker -->", room.stop) == comment);
  CHECK(room.asked("/user") == 0);
}

TEST_CASE("where the app is not installed is said with the address to install it") {
  Room room;
  room.github.app->installed_by.clear();
  CHECK_THAT(room.failure(),
             Catch::Contains("the GitHub App is not installed for acme/infra: install it there, by "
                             "https://github.com/apps/slipway/installations/new"));
  CHECK(room.host->pulls().repos("acme/infra", room.stop).empty());
  CHECK(room.host->findings(room.stop) == std::vector<std::string>{"the app is installed nowhere"});
}

TEST_CASE("repositories are those of the installations whose owner is meant") {
  Room room;
  room.github.app->installed_by["other"] = 9;
  const auto repos = room.host->pulls().repos("acme/*", room.stop);
  REQUIRE(repos.size() == 1);
  CHECK(repos.front().path == "acme/infra");
  CHECK(room.asked("/app/installations/9/access_tokens") == 0);
}

TEST_CASE("a key that is not the app's is told where to look") {
  Room room(kOtherAppKey);
  CHECK_THAT(room.failure(), Catch::Contains("A JSON web token could not be decoded") &&
                                 Catch::Contains("Look at `app:` of the forge"));
}

TEST_CASE("teams are asked for by the installation of their organization") {
  Room room;
  room.github.join_team("@acme/dba", "alice");
  CHECK(room.host->pulls().in_team("@acme/dba", "alice", room.stop));
  CHECK(room.asked("/orgs/acme/installation") == 1);
}

TEST_CASE("doctor tells who installed the app") {
  Room room;
  CHECK(room.host->findings(room.stop) ==
        std::vector<std::string>{"the app is installed by acme, for all repositories"});
}

}  // namespace slipway::vcs
