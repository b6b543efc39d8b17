#include "tests/store/contract.h"

#include <catch2/catch.hpp>

using namespace slipway;
using namespace slipway::store;

namespace {

std::vector<Received> pending(const AnyStore& store, std::size_t limit = 100) {
  return store.read([&](const Snapshot& in) { return in.inbox.pending(limit); });
}

std::optional<Received> find(const AnyStore& store, const std::string& id) {
  return store.read([&](const Snapshot& in) { return in.inbox.find(id); });
}

void handle_all(const AnyStore& store) {
  store->transact([](Transaction& in) {
    for (const Received& received : in.inbox.pending(100))
      in.inbox.handled(received.sequence, "ignored: a test");
  });
}

}  // namespace

TEST_CASE("a delivery is kept as it came in") {
  const AnyStore store = any_store();
  Delivery sent = delivery("d-1", std::string("{\"bytes\": \"\xff\x00\"}", 14));
  sent.headers["x-hub-signature-256"] = "sha256=00ff";
  sent.received = at(7);
  REQUIRE(record(*store, sent) == Recorded::New);
  const auto found = find(store, "d-1");
  REQUIRE(found);
  CHECK(found->delivery.forge == "github");
  CHECK(found->delivery.event == "pull_request");
  CHECK(found->delivery.headers == sent.headers);
  CHECK(found->delivery.body == sent.body);
  CHECK(found->delivery.received == at(7));
  CHECK_FALSE(found->handled);
  CHECK(found->outcome.empty());
}

TEST_CASE("the same delivery again is seen and changes nothing") {
  const AnyStore store = any_store();
  CHECK(record(*store, delivery("d-1", "first")) == Recorded::New);
  CHECK(record(*store, delivery("d-1", "second")) == Recorded::Seen);
  CHECK(pending(store).size() == 1);
  CHECK(find(store, "d-1")->delivery.body == "first");
  handle_all(store);
  CHECK(record(*store, delivery("d-1")) == Recorded::Seen);
  CHECK(pending(store).empty());
}

TEST_CASE("two forges may use one delivery id") {
  const AnyStore store = any_store();
  Delivery other = delivery("d-1");
  other.forge = "gitlab";
  CHECK(record(*store, delivery("d-1")) == Recorded::New);
  CHECK(record(*store, other) == Recorded::New);
  CHECK(pending(store).size() == 2);
}

TEST_CASE("pending deliveries come in the order they arrived, until they are handled") {
  const AnyStore store = any_store();
  for (const char* id : {"c", "a", "b"}) record(*store, delivery(id));
  const auto first = pending(store, 2);
  REQUIRE(first.size() == 2);
  CHECK(first[0].delivery.id == "c");
  CHECK(first[1].delivery.id == "a");
  store->transact(
      [&](Transaction& in) { in.inbox.handled(first[0].sequence, "look at github/acme/infra#12"); });
  CHECK(pending(store).front().delivery.id == "a");
  const auto handled = find(store, "c");
  CHECK(handled->handled);
  CHECK(handled->outcome == "look at github/acme/infra#12");
}

TEST_CASE("what is pending is given in portions that fit into memory") {
  const AnyStore store = any_store();
  const std::string large(20 * 1024 * 1024, 'x');
  for (const char* id : {"a", "b", "c"}) REQUIRE(record(*store, delivery(id, large)) == Recorded::New);
  CHECK(pending(store).size() == 2);
  CHECK(pending(store).front().delivery.body == large);
}

TEST_CASE("an empty body is kept too") {
  const AnyStore store = any_store();
  CHECK(record(*store, delivery("d-1", "")) == Recorded::New);
  CHECK(pending(store).front().delivery.body.empty());
}

TEST_CASE("deliveries are listed newest first, page by page and without their bodies") {
  const AnyStore store = any_store();
  for (const char* id : {"a", "b", "c"}) record(*store, delivery(id));
  const auto page = store.read([](const Snapshot& in) { return in.inbox.list(0, 2); });
  REQUIRE(page.size() == 2);
  CHECK(page[0].delivery.id == "c");
  CHECK(page[1].delivery.id == "b");
  CHECK(page[0].delivery.body.empty());
  const auto rest = store.read([&](const Snapshot& in) { return in.inbox.list(page[1].sequence, 2); });
  REQUIRE(rest.size() == 1);
  CHECK(rest[0].delivery.id == "a");
}

TEST_CASE("a handled delivery can be opened again") {
  const AnyStore store = any_store();
  record(*store, delivery("d-1"));
  handle_all(store);
  CHECK(store.write([](Transaction& in) { return in.inbox.reopen("d-1"); }));
  REQUIRE(pending(store).size() == 1);
  CHECK(pending(store).front().outcome.empty());
  CHECK_FALSE(store.write([](Transaction& in) { return in.inbox.reopen("d-2"); }));
}

TEST_CASE("bodies of handled deliveries are forgotten first, their ids later") {
  const AnyStore store = any_store();
  const auto record_at = [&](const char* id, std::int64_t second) {
    Delivery sent = delivery(id);
    sent.received = at(second);
    record(*store, sent);
  };
  record_at("old", 0);
  record_at("new", 100);
  handle_all(store);
  record_at("old, not handled", 0);
  const auto forget = [&](std::int64_t bodies, std::int64_t ids) {
    return store.write([&](Transaction& in) { return in.inbox.forget(at(bodies), at(ids)); });
  };
  CHECK(forget(50, 0) == 1);
  CHECK(forget(50, 0) == 0);
  CHECK(find(store, "old")->delivery.body.empty());
  CHECK(find(store, "new")->delivery.body == "{}");
  CHECK(record(*store, delivery("old")) == Recorded::Seen);
  CHECK_FALSE(store.write([](Transaction& in) { return in.inbox.reopen("old"); }));

  CHECK(forget(50, 50) == 1);
  CHECK_FALSE(find(store, "old"));
  REQUIRE(pending(store).size() == 1);
  CHECK(pending(store).front().delivery.body == "{}");
}
