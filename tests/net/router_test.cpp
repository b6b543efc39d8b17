#include "bot/net/router.h"

#include <catch2/catch.hpp>

namespace slipway::net {
namespace {

Response nothing(const Request&) { return {}; }

/// The pattern that a request finds.
std::string found(const Router& router, std::string_view method, std::string_view path) {
  const auto match = router.find(method, path);
  return match.route == nullptr ? "" : match.route->method + " " + match.route->pattern;
}

}  // namespace

TEST_CASE("a path finds the route whose literals and parameters it has") {
  Router router;
  router.add("GET", "/", nothing);
  router.add("GET", "/runs/{id}", nothing);
  router.add("GET", "/runs/{id}/log", nothing);
  router.add("GET", "/pulls/{forge}/{owner}/{repo}/{number}", nothing);
  CHECK(found(router, "GET", "/") == "GET /");
  CHECK(found(router, "GET", "/runs/7") == "GET /runs/{id}");
  CHECK(found(router, "GET", "/runs/7/log") == "GET /runs/{id}/log");
  const auto match = router.find("GET", "/pulls/github/acme/infra/12");
  REQUIRE(match.route != nullptr);
  CHECK(match.parameters == std::map<std::string, std::string, std::less<>>{
                                {"forge", "github"}, {"owner", "acme"}, {"repo", "infra"}, {"number", "12"}});
}

TEST_CASE("what no route has is not found") {
  Router router;
  router.add("GET", "/runs/{id}", nothing);
  for (const char* path :
       {"/", "/runs", "/runs/", "/runs/7/", "/runs/7/log", "/run/7", "//7", "/runs//", "/Runs/7"}) {
    CAPTURE(path);
    const auto match = router.find("GET", path);
    CHECK(match.route == nullptr);
    CHECK(match.allowed.empty());
  }
}

TEST_CASE("a rest parameter takes what remains, with its slashes, but not nothing") {
  Router router;
  router.add("LOCK", "/state/{rest...}", nothing);
  const auto match = router.find("LOCK", "/state/github/acme%2Finfra/net/prod/default");
  REQUIRE(match.route != nullptr);
  CHECK(match.parameters.at("rest") == "github/acme/infra/net/prod/default");
  CHECK(found(router, "LOCK", "/state/").empty());
  CHECK(found(router, "LOCK", "/state").empty());
}

TEST_CASE("a parameter is decoded once, and an escaped slash does not divide it") {
  Router router;
  router.add("GET", "/pulls/{owner}/{repo}", nothing);
  const auto match = router.find("GET", "/pulls/group%2Fsub/a%2541");
  REQUIRE(match.route != nullptr);
  CHECK(match.parameters.at("owner") == "group/sub");
  CHECK(match.parameters.at("repo") == "a%41");
  CHECK(found(router, "GET", "/pulls/a/%4").empty());
  CHECK(found(router, "GET", "/pulls/a/%zz").empty());
}

TEST_CASE("an escaped letter is the same path") {
  Router router;
  router.add("GET", "/healthz", nothing);
  CHECK(found(router, "GET", "/%68ealthz") == "GET /healthz");
}

TEST_CASE("a method that the path does not take is told which ones it takes") {
  Router router;
  router.add("GET", "/state/{rest...}", nothing);
  router.add("POST", "/state/{rest...}", nothing);
  router.add("UNLOCK", "/state/{rest...}", nothing);
  router.add("PUT", "/other", nothing);
  const auto match = router.find("PATCH", "/state/a");
  CHECK(match.route == nullptr);
  CHECK(match.allowed == std::vector<std::string>{"GET", "POST", "UNLOCK", "HEAD"});
}

TEST_CASE("methods are told apart by their exact name") {
  Router router;
  router.add("LOCK", "/a", nothing);
  CHECK(found(router, "LOCK", "/a") == "LOCK /a");
  CHECK(found(router, "lock", "/a").empty());
}

TEST_CASE("HEAD finds the route of GET unless it has its own") {
  Router router;
  router.add("GET", "/a", nothing);
  router.add("GET", "/b", nothing);
  router.add("HEAD", "/b", nothing);
  CHECK(found(router, "HEAD", "/a") == "GET /a");
  CHECK(found(router, "HEAD", "/b") == "HEAD /b");
}

TEST_CASE("of two routes for one path the first that was added wins") {
  Router router;
  router.add("GET", "/states/search", nothing);
  router.add("GET", "/states/{id}", nothing);
  CHECK(found(router, "GET", "/states/search") == "GET /states/search");
  CHECK(found(router, "GET", "/states/7") == "GET /states/{id}");
}

}  // namespace slipway::net
