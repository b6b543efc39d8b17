#include "vcs/github_rest.h"

#include "core/failure.h"
#include "tests/vcs/fake_github.h"
#include "vcs/github.h"

#include <catch2/catch.hpp>

namespace slipway::vcs {
namespace {

/// GitHub and a host that talks to it, with the waits written down.
struct Room {
  FakeGithub github;
  std::vector<std::chrono::milliseconds> waits;
  std::unique_ptr<Host> host;
  PullId id{{"github", "acme/infra"}, 0};
  std::stop_token stop;

  Room() {
    HostConfig config = github.config();
    config.pause = [this](std::chrono::milliseconds time, std::stop_token) { waits.push_back(time); };
    host = make_github(config, github);
    id.number = github.open_pull({});
  }

  PullRequest pull() { return host->pulls().pull(id, stop); }

  Failure failure_of_pull() {
    try {
      pull();
    } catch (const Failure& failure) {
      return failure;
    }
    FAIL("it did not fail");
    throw std::logic_error("unreachable");
  }

  std::string header(const HttpRequest& request, std::string_view name) const {
    for (const auto& [key, value] : request.headers)
      if (key == name) return value;
    return {};
  }
};

}  // namespace

TEST_CASE("every request says who asks, for which version, with which token") {
  Room room;
  room.pull();
  REQUIRE_FALSE(room.github.requests.empty());
  for (const auto& request : room.github.requests) {
    CHECK_THAT(room.header(request, "User-Agent"), Catch::StartsWith("slipway/"));
    CHECK(room.header(request, "Accept") == "application/vnd.github+json");
    CHECK(room.header(request, "X-GitHub-Api-Version") == "2022-11-28");
    CHECK(room.header(request, "Authorization") == "Bearer ghp_of-the-tests");
    CHECK(request.url.find("ghp_") == std::string::npos);
  }
}

TEST_CASE("REST is below /api/v3 of an Enterprise Server, and at its own host elsewhere") {
  CHECK(github_rest_root("https://github.com") == "https://api.github.com");
  CHECK(github_rest_root("https://acme.ghe.com") == "https://api.acme.ghe.com");
  CHECK(github_rest_root("https://git.acme.example") == "https://git.acme.example/api/v3");
}

TEST_CASE("what has not changed is answered from memory, and is still asked for") {
  Room room;
  CHECK(room.pull().title == "Add two web servers");
  const auto first = room.github.requests.size();
  CHECK(room.header(room.github.requests[0], "If-None-Match").empty());
  CHECK(room.pull().title == "Add two web servers");
  REQUIRE(room.github.requests.size() == 2 * first);
  CHECK_FALSE(room.header(room.github.requests[first], "If-None-Match").empty());
  room.github.pull("acme/infra", room.id.number).title = "Add three";
  CHECK(room.pull().title == "Add three");
}

TEST_CASE("waits between tries grow and jitter, and a try that succeeds ends them") {
  Room room;
  room.github.faults = {{.where = "GET /repos", .status = 500}, {.where = "GET /repos", .status = 0}};
  room.pull();
  REQUIRE(room.waits.size() == 2);
  CHECK(room.waits[0] >= kFirstBackoff);
  CHECK(room.waits[0] < 2 * kFirstBackoff);
  CHECK(room.waits[1] >= 2 * kFirstBackoff);
  CHECK(room.waits[1] < 4 * kFirstBackoff);
}

TEST_CASE("a short Retry-After is waited for in the call") {
  Room room;
  room.github.faults = {{.where = "GET", .status = 429, .headers = {{"Retry-After", "2"}}}};
  CHECK(room.pull().title == "Add two web servers");
  REQUIRE(room.waits.size() == 1);
  CHECK(room.waits[0] >= std::chrono::seconds(2));
}

TEST_CASE("a long one is left to the job queue, which is told how long") {
  Room room;
  room.github.faults = {{.where = "GET",
                         .status = 403,
                         .headers = {{"Retry-After", "90"}},
                         .body = R"({"message":"You have exceeded a secondary rate limit."})"}};
  const Failure failure = room.failure_of_pull();
  CHECK(failure.retry() == Retry::Later);
  CHECK(failure.retry_after() == std::chrono::seconds(90));
  CHECK_THAT(failure.what(), Catch::Contains("403 You have exceeded a secondary rate limit."));
  CHECK(room.waits.empty());
}

TEST_CASE("a comment is sent again after a refusal for the rate, which did nothing") {
  Room room;
  room.github.faults = {{.where = "POST", .status = 429, .headers = {{"Retry-After", "1"}}}};
  room.host->voice().create_comment(room.id, "hello", room.stop);
  CHECK(room.github.comments("acme/infra", room.id.number).size() == 1);
}

TEST_CASE("the forge's own words are kept, with what it says is wrong") {
  Room room;
  try {
    room.host->voice().create_comment(room.id, std::string(70'000, 'x'), room.stop);
    FAIL("it did not fail");
  } catch (const Failure& failure) {
    CHECK(failure.retry() == Retry::Never);
    CHECK_THAT(failure.what(),
               Catch::Contains("422 Validation Failed: Body is too long (maximum is 65536 characters)"));
    CHECK_THAT(failure.what(), Catch::StartsWith("commenting in github/acme/infra#1: "));
  }
}

TEST_CASE("details without a sentence are put together from resource, field and code") {
  Room room;
  room.github.faults = {{.where = "GET", .status = 422, .body = R"({"message":"Validation Failed","errors":[
                             {"resource":"Issue","field":"title","code":"missing_field"},"Something else"]})"}};
  CHECK_THAT(room.failure_of_pull().what(),
             Catch::Contains("422 Validation Failed: Issue title: missing field; Something else"));
}

TEST_CASE("a proxy's page is no message, and an endless message is cut") {
  Room room;
  room.github.faults = {
      {.where = "GET", .status = 418, .body = "<html>teapot</html>"},
      {.where = "GET", .status = 400, .body = R"({"message":")" + std::string(5'000, 'x') + "\"}"}};
  CHECK(room.failure_of_pull().cause() == "github answered 418");
  CHECK(std::string(room.failure_of_pull().what()).size() < 700);
}

TEST_CASE("a refused token names the key of the config, and is tried again later") {
  Room room;
  room.github.faults = {{.where = "GET", .status = 401, .body = R"({"message":"Bad credentials"})"}};
  const Failure failure = room.failure_of_pull();
  CHECK(failure.retry() == Retry::Later);
  CHECK_THAT(failure.what(), Catch::Contains("401 Bad credentials") && Catch::Contains("`token:`"));
}

TEST_CASE("what is not found may be not allowed, and the failure says which rights are needed") {
  Room room;
  room.id.number = 4711;
  const Failure failure = room.failure_of_pull();
  CHECK(failure.retry() == Retry::Never);
  CHECK_THAT(failure.what(), Catch::Contains("404 Not Found") && Catch::Contains("`repo`"));
}

TEST_CASE("a missing permission is named when the forge names it") {
  Room room;
  room.github.faults = {{.where = "GET",
                         .status = 403,
                         .headers = {{"X-Accepted-GitHub-Permissions", "pull_requests=read"}},
                         .body = R"({"message":"Resource not accessible by personal access token"})"}};
  CHECK_THAT(room.failure_of_pull().what(), Catch::Contains("needs the permission pull_requests=read"));
}

TEST_CASE("an answer that is cut off or lacks what it must have is a failure that says where") {
  Room room;
  room.github.faults = {{.where = "GET", .status = 200, .body = R"({"number":1,"user":{"log)"}};
  CHECK_THAT(room.failure_of_pull().what(), Catch::Contains("github's answer is not understood"));
  room.github.faults = {
      {.where = "GET", .status = 200, .body = R"({"number":1,"state":"open","base":{"ref":"main"}})"}};
  CHECK_THAT(room.failure_of_pull().what(), Catch::Contains("head.ref: is missing"));
}

TEST_CASE("a renamed repository is followed, a redirect to another host is not") {
  Room room;
  room.github.faults = {{.where = "/pulls/1",
                         .status = 301,
                         .headers = {{"Location", "https://api.github.com/repos/acme/infra/pulls/1?moved"}}}};
  CHECK(room.pull().title == "Add two web servers");
  room.github.faults = {{.where = "/pulls/1",
                         .status = 301,
                         .headers = {{"Location", "https://api.github.com.evil.example/x"}}}};
  CHECK_THAT(room.failure_of_pull().what(), Catch::Contains("301"));
  for (const auto& request : room.github.requests)
    CHECK_THAT(request.url, Catch::StartsWith("https://api.github.com/"));
}

TEST_CASE("a wait ends when a stop is asked for") {
  FakeGithub github;
  HostConfig config = github.config();
  std::stop_source source;
  config.pause = [&](std::chrono::milliseconds time, std::stop_token stop) {
    source.request_stop();
    pause(time, stop);
  };
  const auto host = make_github(config, github);
  const auto number = github.open_pull({});
  for (int i = 0; i < 3; ++i) github.faults.push_back({.where = "GET", .status = 500});
  CHECK_THROWS_AS(host->pulls().pull({{"github", "acme/infra"}, number}, source.get_token()), Stopped);
  CHECK(github.requests.size() == 1);
}

}  // namespace slipway::vcs
