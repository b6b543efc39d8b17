#include "bot/work/place.h"
#include "tests/bot/web/site_room.h"

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace slipway;
using namespace slipway::web;

namespace {

const StateKey kNet{{"github", "acme/infra"}, {"net", "default", ""}};
const StateKey kWeb{{"github", "acme/infra"}, {"web", "default", ""}};

std::string state_of(int serial, const std::string& output = "a") {
  return fmt::format(R"({{"version":4,"terraform_version":"1.9.0","serial":{},"lineage":"b6f2",)"
                     R"("outputs":{{"name":{{"value":"{}","type":"string"}}}},"resources":[]}})",
                     serial, output);
}

struct Backed : SiteRoom {
  Backed() {
    grant("writer", kNet, true, 1);
    grant("reader", kNet, false, 0);
  }

  void grant(const std::string& password, const StateKey& key, bool may_write, std::int64_t fence) {
    world.store().transact([&](store::Transaction& rows) {
      rows.states.grant({sha256_hex(password), key, "run of " + password, may_write, fence});
    });
  }

  net::Response ask_state(const std::string& method, const std::string& password, std::string body = {},
                          const std::string& lock = {}, const StateKey& key = kNet) {
    net::Request request;
    request.method = method;
    request.path = "/state/" + work::state_path(key);
    if (!password.empty()) request.headers["authorization"] = "Basic " + to_base64("slipway:" + password);
    if (!lock.empty()) request.query["ID"] = lock;
    if (method == "POST") request.headers["content-md5"] = md5_base64(body);
    request.body = std::move(body);
    return ask(std::move(request));
  }

  std::size_t versions() {
    std::size_t count = 0;
    world.store().read([&](const store::Snapshot& rows) { count = rows.states.latest(kNet) ? 1 : 0; });
    return count;
  }
};

const std::string kLock = R"({"ID":"4f1c","Operation":"OperationTypeApply","Who":"alice@host"})";

}  // namespace

TEST_CASE("an apply locks, writes and reads its state, and frees it") {
  Backed room;
  CHECK(room.ask_state("GET", "writer").status == 404);
  CHECK(room.ask_state("LOCK", "writer", kLock).status == 200);
  CHECK(room.ask_state("POST", "writer", state_of(1), "4f1c").status == 200);
  const net::Response read = room.ask_state("GET", "writer");
  CHECK(read.status == 200);
  CHECK(read.body == state_of(1));
  CHECK(room.ask_state("UNLOCK", "writer", kLock, "4f1c").status == 200);
}

TEST_CASE("a second holder is told who holds the lock") {
  Backed room;
  REQUIRE(room.ask_state("LOCK", "writer", kLock).status == 200);
  const net::Response refused = room.ask_state("LOCK", "writer", R"({"ID":"77aa","Who":"bob@host"})");
  CHECK((refused.status == 423 || refused.status == 409));
  CHECK(refused.body.find("alice@host") != std::string::npos);
  CHECK(room.ask_state("POST", "writer", state_of(1), "77aa").status >= 400);
  CHECK(room.versions() == 0);
}

TEST_CASE("credentials are of one state, and of a running plan or apply") {
  Backed room;
  CHECK(room.ask_state("GET", "").status == 401);
  CHECK(room.ask_state("GET", "guessed").status == 401);
  CHECK(room.ask_state("GET", "writer", {}, {}, kWeb).status == 403);
}

TEST_CASE("a plan reads its state and writes nothing") {
  Backed room;
  REQUIRE(room.ask_state("POST", "writer", state_of(1)).status == 200);
  CHECK(room.ask_state("GET", "reader").body == state_of(1));
  CHECK(room.ask_state("POST", "reader", state_of(2)).status == 403);
  CHECK(room.ask_state("GET", "writer").body == state_of(1));
}

TEST_CASE("an apply that lost its hold on the state to a newer one writes nothing any more") {
  Backed room;
  REQUIRE(room.ask_state("POST", "writer", state_of(1)).status == 200);
  room.grant("newer", kNet, true, 2);
  const net::Response late = room.ask_state("POST", "writer", state_of(2));
  CHECK((late.status == 401 || late.status == 403));
  CHECK(room.ask_state("POST", "newer", state_of(2, "b")).status == 200);
  CHECK(room.ask_state("GET", "newer").body == state_of(2, "b"));
}

TEST_CASE("other content under the same serial is refused; the same again is what an unheard answer makes") {
  Backed room;
  REQUIRE(room.ask_state("POST", "writer", state_of(3)).status == 200);
  CHECK(room.ask_state("POST", "writer", state_of(3)).status == 200);
  CHECK(room.ask_state("POST", "writer", state_of(3, "b")).status == 409);
  CHECK(room.ask_state("POST", "writer", state_of(2)).status >= 400);
  CHECK(room.ask_state("GET", "writer").body == state_of(3));
}

TEST_CASE("a state that was damaged on its way is refused") {
  Backed room;
  net::Request request;
  request.method = "POST";
  request.path = "/state/" + work::state_path(kNet);
  request.headers["authorization"] = "Basic " + to_base64("slipway:writer");
  SECTION("it does not fit its checksum") {
    request.body = state_of(1);
    request.headers["content-md5"] = md5_base64("another");
  }
  SECTION("it has no checksum and is cut off") { request.body = state_of(1).substr(0, 60); }
  CHECK(room.ask(std::move(request)).status == 400);
  CHECK(room.versions() == 0);
}

TEST_CASE("a run removes no state") {
  Backed room;
  REQUIRE(room.ask_state("POST", "writer", state_of(1)).status == 200);
  CHECK(room.ask_state("DELETE", "writer").status == 403);
  CHECK(room.ask_state("GET", "writer").body == state_of(1));
}
