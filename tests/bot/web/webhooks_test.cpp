#include "tests/bot/web/site_room.h"

#include <catch2/catch.hpp>

using namespace slipway;
using namespace slipway::web;

namespace {

struct Hooked : SiteRoom {
  Hooked() : number(world.open_pull("db")) {}

  /// As the forge delivers it.
  net::Request delivery(std::string id = "72d3162e-cc78-11e3-81ab-4c9367dc0958") const {
    const vcs::Delivery told = world.forge.delivery("acme/infra", number, "hush");
    net::Request request;
    request.method = "POST";
    request.path = "/webhooks/github";
    for (const auto& [name, value] : told.headers) request.headers[name] = value;
    request.headers["x-github-delivery"] = std::move(id);
    request.body = told.body;
    return request;
  }

  std::size_t waiting() {
    std::size_t count = 0;
    world.store().read([&](const store::Snapshot& rows) { count = rows.inbox.list(0, 100).size(); });
    return count;
  }

  std::int64_t number;
};

net::Request signed_body(net::Request request, std::string body) {
  request.body = std::move(body);
  request.headers["x-hub-signature-256"] = "sha256=" + to_hex(hmac_sha256("hush", request.body));
  return request;
}

}  // namespace

TEST_CASE("a delivery is written down before it is acknowledged, and planned") {
  Hooked room;
  const net::Response answer = room.ask(room.delivery());
  CHECK(answer.status == 202);
  CHECK(room.waiting() == 1);
  room.world.settle();
  CHECK(room.world.state_of(room.number) == "Ready");
}

TEST_CASE("the same delivery again is answered 200, and nothing is done") {
  Hooked room;
  REQUIRE(room.ask(room.delivery()).status == 202);
  CHECK(room.ask(room.delivery()).status == 200);
  CHECK(room.waiting() == 1);
  CHECK(room.tally.counts() == std::map<std::string, std::uint64_t>{{"accepted", 1}, {"seen_before", 1}});
}

TEST_CASE("what is not signed with the secret is refused, and leaves nothing but a count of its reason") {
  Hooked room;
  net::Request request = room.delivery();
  std::string reason;
  SECTION("a body that was changed on its way") {
    request.body += ' ';
    reason = "bad_signature";
  }
  SECTION("another secret") {
    request.headers["x-hub-signature-256"] = "sha256=" + to_hex(hmac_sha256("guess", request.body));
    reason = "bad_signature";
  }
  SECTION("no signature") {
    request.headers.erase("x-hub-signature-256");
    reason = "no_signature";
  }
  SECTION("only the old kind of signature") {
    request.headers.erase("x-hub-signature-256");
    request.headers["x-hub-signature"] = "sha1=0123456789abcdef0123456789abcdef01234567";
    reason = "no_signature";
  }
  CHECK(room.ask(std::move(request)).status == 401);
  CHECK(room.waiting() == 0);
  CHECK(room.tally.counts() == std::map<std::string, std::uint64_t>{{reason, 1}});
}

TEST_CASE("what is signed and is no JSON document is refused") {
  Hooked room;
  const std::string body = GENERATE(as<std::string>(), "", "{\"action\": \"opened\"",
                                    "{\"title\": \"\xff\xfe\"}", std::string(200'000, '['));
  CHECK(room.ask(signed_body(room.delivery(), body)).status == 400);
  CHECK(room.waiting() == 0);
}

TEST_CASE("an event that means nothing to us is recorded with the reason") {
  Hooked room;
  net::Request request = signed_body(room.delivery(), "{}");
  REQUIRE(room.ask(std::move(request)).status == 202);
  room.world.settle();
  std::string outcome;
  room.world.store().read(
      [&](const store::Snapshot& rows) { outcome = rows.inbox.list(0, 1).front().outcome; });
  CHECK(outcome.find("ignored") == 0);
}

TEST_CASE("during a shutdown a delivery is asked to come again, and not lost silently") {
  Hooked room;
  room.closing = true;
  const net::Response answer = room.ask(room.delivery());
  CHECK(answer.status == 503);
  CHECK(std::find(answer.headers.begin(), answer.headers.end(),
                  std::pair<std::string, std::string>("Retry-After", "10")) != answer.headers.end());
}

TEST_CASE("Atlantis' path finds the forge by its headers, and any other forge's path is unknown") {
  Hooked room;
  net::Request request = room.delivery();
  request.path = "/events";
  CHECK(room.ask(request).status == 202);
  request.path = "/webhooks/elsewhere";
  CHECK(room.ask(request).status == 404);
  request.path = "/events";
  request.headers.erase("x-github-event");
  request.headers.erase("x-github-delivery");
  CHECK(room.ask(request).status == 400);
}
