#include "tests/bot/web/site_room.h"

#include <catch2/catch.hpp>

using namespace slipway;
using namespace slipway::web;

namespace {

bool contains(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

struct Shown : SiteRoom {
  Shown() : number(world.open_pull("db")) {
    world.forge.pull("acme/infra", number).title = "Add <b>two</b> & more";
    world.deliver("pull_request", number);
    world.settle();
  }
  std::int64_t number;
};

}  // namespace

TEST_CASE("the front page lists pull requests, runs and deliveries; titles are text, not markup") {
  Shown room;
  const net::Response page = room.get("/");
  CHECK(page.status == 200);
  CHECK(contains(page.body, "Add &lt;b&gt;two&lt;/b&gt; &amp; more"));
  CHECK(!contains(page.body, "<b>two</b>"));
  CHECK(contains(page.body, "/pulls/github/acme/infra/1"));
  CHECK(contains(page.body, "Ready"));
  CHECK(contains(page.body, "delivery 1"));
}

TEST_CASE("the front page and the numbers tell what is frozen, by whom and why") {
  Shown room;
  CHECK(!contains(room.get("/").body, "Frozen"));
  CHECK(contains(room.get("/metrics").body, "slipway_freezes 0"));
  const Time now = room.world.clock.now();
  room.world.store().transact([&](store::Transaction& rows) {
    rows.freezes.save({{}, "the <year> is being closed", "root", true, now, {}});
    rows.freezes.save({{{"github", "acme/infra"}}, "it was short", "bob", false, now, now});
  });
  const std::string page = room.get("/").body;
  CHECK(contains(page, "Frozen"));
  CHECK(contains(page, "everything"));
  CHECK(contains(page, "the &lt;year&gt; is being closed"));
  CHECK(contains(page, "until a thaw"));
  CHECK(!contains(page, "it was short"));
  CHECK(contains(room.get("/metrics").body, "slipway_freezes 1"));
}

TEST_CASE("what was refused at the door is counted on the front page") {
  Shown room;
  net::Request request;
  request.method = "POST";
  request.path = "/webhooks/github";
  room.ask(std::move(request));
  CHECK(contains(room.get("/").body, "no_signature"));
}

TEST_CASE("a pull request's page has its report and its runs, each with a page of its own") {
  Shown room;
  const net::Response page = room.get("/pulls/github/acme/infra/1");
  CHECK(page.status == 200);
  CHECK(contains(page.body, "net"));
  const auto at = page.body.find("/runs/");
  REQUIRE(at != std::string::npos);
  const std::string run = page.body.substr(at, page.body.find('"', at) - at);
  CHECK(room.get(run).status == 200);
}

TEST_CASE("what is not there is said to be missing") {
  Shown room;
  const std::string path =
      GENERATE(as<std::string>(), "/pulls/github/acme/infra/2", "/pulls/github/acme/infra/x",
               "/pulls/github/1", "/pulls/elsewhere/acme/infra/1", "/runs/none");
  CHECK(room.get(path).status == 404);
}

TEST_CASE("discovery is JSON before there is any machine") {
  Shown room;
  CHECK(room.get("/sd/prometheus").body == "[]");
  const net::Response inventory = room.get("/inventory/ansible");
  CHECK(inventory.status == 200);
  CHECK(contains(inventory.body, "\"_meta\""));
}

TEST_CASE("the server is alive and ready, and its numbers are there; while it shuts down it is not ready") {
  Shown room;
  CHECK(room.get("/healthz").status == 200);
  CHECK(room.get("/readyz").status == 200);
  CHECK(contains(room.get("/metrics").body, "slipway_info"));
  room.closing = true;
  CHECK(room.get("/readyz").status == 503);
  CHECK(room.get("/healthz").status == 200);
}
