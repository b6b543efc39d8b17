#include "tests/store/contract.h"

#include <catch2/catch.hpp>

using namespace slipway;
using namespace slipway::store;

TEST_CASE("what was said is found again by its slot, so that an edit finds its comment") {
  const AnyStore store = any_store();
  const auto save = [&](const char* slot, std::int64_t comment, const char* digest) {
    store->transact([&](Transaction& in) { in.said.save({kPull, slot, comment, digest, at(comment)}); });
  };
  const auto find = [&](const char* slot) {
    return store.read([&](const Snapshot& in) { return in.said.find(kPull, slot); });
  };
  CHECK_FALSE(find("sticky"));
  save("sticky", 0, "d1");
  save("applied:7f3a", 9, "d2");
  save("sticky", 7, "d3");
  REQUIRE(find("sticky"));
  CHECK(find("sticky")->pull == kPull);
  CHECK(find("sticky")->slot == "sticky");
  CHECK(find("sticky")->comment == 7);
  CHECK(find("sticky")->digest == "d3");
  CHECK(find("sticky")->at == at(7));
  CHECK(find("applied:7f3a")->comment == 9);
}

TEST_CASE("a comment is acted on once") {
  const AnyStore store = any_store();
  const auto first_time = [&](const PullId& pull, std::int64_t comment) {
    return store.write([&](Transaction& in) { return in.said.first_time(pull, comment); });
  };
  CHECK(first_time(kPull, 5));
  CHECK_FALSE(first_time(kPull, 5));
  CHECK(first_time(kPull, 6));
  CHECK(first_time({kRepo, 13}, 5));
}

TEST_CASE("the newest status of a commit is known for each context") {
  const AnyStore store = any_store();
  const auto status = [&](const char* commit, const char* context) {
    return store.read([&](const Snapshot& in) { return in.said.status(kRepo, commit, context); });
  };
  CHECK(status("h1", "slipway/plan").empty());
  store->transact([](Transaction& in) {
    in.said.save_status(kRepo, "h1", "slipway/plan", "pending");
    in.said.save_status(kRepo, "h1", "slipway/apply", "failed");
    in.said.save_status(kRepo, "h1", "slipway/plan", "ok");
  });
  CHECK(status("h1", "slipway/plan") == "ok");
  CHECK(status("h1", "slipway/apply") == "failed");
  CHECK(status("h2", "slipway/plan").empty());
}

TEST_CASE("the audit is read page by page, newest first") {
  const AnyStore store = any_store();
  store->transact([](Transaction& in) {
    for (const char* action : {"plan.made", "policy.overridden", "apply.started"}) {
      in.audit.add({0, at(5), "alice", action, "github/acme/infra#12 prod/web", "plan 7f3a"});
    }
  });
  const auto page = store.read([](const Snapshot& in) { return in.audit.list(0, 2); });
  REQUIRE(page.size() == 2);
  CHECK(page[0].action == "apply.started");
  CHECK(page[0].at == at(5));
  CHECK(page[0].actor == "alice");
  CHECK(page[0].subject == "github/acme/infra#12 prod/web");
  CHECK(page[0].detail == "plan 7f3a");
  CHECK(page[1].action == "policy.overridden");
  const auto rest = store.read([&](const Snapshot& in) { return in.audit.list(page[1].id, 2); });
  REQUIRE(rest.size() == 1);
  CHECK(rest[0].action == "plan.made");
}
