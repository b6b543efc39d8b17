#include "tests/store/contract.h"

#include <catch2/catch.hpp>

using namespace slipway;
using namespace slipway::store;

namespace {

NewJob job(std::string kind, std::string lane) {
  return {
      .kind = std::move(kind), .lane = std::move(lane), .payload = Json::object({{"n", 1}}), .due = at(0)};
}

Lease lease(std::int64_t now, std::string holder = "here") {
  return {std::move(holder), at(now), at(now + 30)};
}

std::optional<Job> claim(const AnyStore& store, std::int64_t now,
                         const std::vector<std::string>& kinds = {"plan"}) {
  return store.write([&](Transaction& in) { return in.jobs.claim(kinds, lease(now)); });
}

}  // namespace

TEST_CASE("a claimed job is what was asked for") {
  const AnyStore store = any_store();
  store->transact([](Transaction& in) {
    in.jobs.add({.kind = "plan",
                 .lane = "pull:github/acme/infra#12",
                 .payload = Json::object({{"head", "0a1b"}, {"projects", Json::array()}}),
                 .priority = Priority::PersonsPlan,
                 .due = at(5),
                 .key = "plan:12"});
  });
  const auto claimed = claim(store, 5);
  REQUIRE(claimed);
  CHECK(claimed->kind == "plan");
  CHECK(claimed->lane == "pull:github/acme/infra#12");
  CHECK(claimed->payload == Json::object({{"head", "0a1b"}, {"projects", Json::array()}}));
  CHECK(claimed->priority == Priority::PersonsPlan);
  CHECK(claimed->due == at(5));
  CHECK(claimed->key == "plan:12");
  CHECK(claimed->attempts == 1);
  CHECK(claimed->error.empty());
}

TEST_CASE("the most urgent due job is claimed first, then the one due first, then the oldest") {
  const AnyStore store = any_store();
  store->transact([](Transaction& in) {
    const auto add = [&](const char* lane, Priority priority, std::int64_t due) {
      NewJob one = job("plan", lane);
      one.priority = priority;
      one.due = at(due);
      in.jobs.add(one);
    };
    add("fifth", Priority::Refresh, 0);
    add("third", Priority::Plan, 2);
    add("fourth", Priority::Plan, 2);
    add("second", Priority::Plan, 1);
    add("first", Priority::Apply, 3);
    add("not due", Priority::Apply, 100);
  });
  std::vector<std::string> lanes;
  while (const auto claimed = claim(store, 10)) lanes.push_back(claimed->lane);
  CHECK(lanes == std::vector<std::string>{"first", "second", "third", "fourth", "fifth"});
}

TEST_CASE("only jobs of the wanted kinds are claimed") {
  const AnyStore store = any_store();
  store->transact([](Transaction& in) {
    in.jobs.add(job("plan", "a"));
    in.jobs.add(job("say", "b"));
  });
  CHECK_FALSE(claim(store, 0, {}));
  CHECK_FALSE(claim(store, 0, {"apply"}));
  CHECK(claim(store, 0, {"apply", "say"})->kind == "say");
  CHECK_FALSE(claim(store, 0, {"apply", "say"}));
}

TEST_CASE("a job is claimed once as long as its lease lasts") {
  const AnyStore store = any_store();
  store->transact([](Transaction& in) { in.jobs.add(job("plan", "a")); });
  REQUIRE(claim(store, 0));
  CHECK_FALSE(claim(store, 29));
  CHECK(claim(store, 30));
}

TEST_CASE("a heartbeat lengthens the lease") {
  const AnyStore store = any_store();
  store->transact([](Transaction& in) { in.jobs.add(job("plan", "a")); });
  const auto claimed = claim(store, 0);
  CHECK(store.write([&](Transaction& in) { return in.jobs.beat(*claimed, lease(20)); }));
  CHECK_FALSE(claim(store, 40));
  CHECK(claim(store, 50));
}

TEST_CASE("a worker whose lease was lost can do nothing to the job any more") {
  const AnyStore store = any_store();
  store->transact([](Transaction& in) { in.jobs.add(job("plan", "a")); });
  const auto late = claim(store, 0);
  const auto next = claim(store, 60);
  REQUIRE(next);
  CHECK(next->id == late->id);
  CHECK(next->attempts == 2);
  CHECK(next->fence > late->fence);
  CHECK_FALSE(store.write([&](Transaction& in) { return in.jobs.beat(*late, lease(61)); }));
  CHECK_FALSE(store.write([&](Transaction& in) { return in.jobs.finish(*late); }));
  CHECK_FALSE(store.write([&](Transaction& in) { return in.jobs.retry(*late, at(70), "late"); }));
  CHECK_FALSE(store.write([&](Transaction& in) { return in.jobs.bury(*late, at(70), "late"); }));
  CHECK(store.read([](const Snapshot& in) { return in.jobs.dead(10).size(); }) == 0);
  CHECK(store.write([&](Transaction& in) { return in.jobs.finish(*next); }));
}

TEST_CASE("a worker whose lease ran out, but that nobody replaced, still ends its job") {
  const AnyStore store = any_store();
  store->transact([](Transaction& in) { in.jobs.add(job("plan", "a")); });
  const auto slow = claim(store, 0);
  CHECK(store.write([&](Transaction& in) { return in.jobs.beat(*slow, lease(100)); }));
  CHECK(store.write([&](Transaction& in) { return in.jobs.finish(*slow); }));
}

TEST_CASE("an ended job is gone, and can't be ended again") {
  const AnyStore store = any_store();
  store->transact([](Transaction& in) { in.jobs.add(job("plan", "a")); });
  const auto claimed = claim(store, 0);
  CHECK(store.write([&](Transaction& in) { return in.jobs.finish(*claimed); }));
  CHECK_FALSE(store.write([&](Transaction& in) { return in.jobs.finish(*claimed); }));
  CHECK_FALSE(claim(store, 1000));
}

TEST_CASE("a job that was not claimed can't be ended") {
  const AnyStore store = any_store();
  store->transact([](Transaction& in) { in.jobs.add(job("plan", "a")); });
  const Job waiting = store.read([](const Snapshot& in) { return in.jobs.in_lane("a"); }).front();
  CHECK_FALSE(store.write([&](Transaction& in) { return in.jobs.finish(waiting); }));
  CHECK(claim(store, 0));
}

TEST_CASE("fencing numbers grow over all jobs, also when the earlier ones are gone") {
  const AnyStore store = any_store();
  std::int64_t last = 0;
  for (int round = 0; round < 5; ++round) {
    store->transact([](Transaction& in) { in.jobs.add(job("plan", "a")); });
    const auto claimed = claim(store, round);
    REQUIRE(claimed->fence > last);
    last = claimed->fence;
    store->transact([&](Transaction& in) { in.jobs.finish(*claimed); });
  }
}

TEST_CASE("a retried job waits until it is due, and tells why it failed") {
  const AnyStore store = any_store();
  store->transact([](Transaction& in) { in.jobs.add(job("plan", "a")); });
  const auto first = claim(store, 0);
  CHECK(
      store.write([&](Transaction& in) { return in.jobs.retry(*first, at(60), "the forge answered 502"); }));
  CHECK_FALSE(claim(store, 59));
  const auto second = claim(store, 60);
  REQUIRE(second);
  CHECK(second->attempts == 2);
  CHECK(second->error == "the forge answered 502");
}

TEST_CASE("dead jobs are kept for people, newest first, until revived or dropped") {
  const AnyStore store = any_store();
  store->transact([](Transaction& in) {
    in.jobs.add(job("plan", "a"));
    in.jobs.add(job("plan", "b"));
  });
  for (int second = 1; second <= 2; ++second) {
    const auto claimed = claim(store, 0);
    CHECK(store.write([&](Transaction& in) { return in.jobs.bury(*claimed, at(second), "gave up"); }));
  }
  CHECK_FALSE(claim(store, 1000));
  const auto dead = store.read([](const Snapshot& in) { return in.jobs.dead(10); });
  REQUIRE(dead.size() == 2);
  CHECK(dead[0].job.lane == "b");
  CHECK(dead[0].died == at(2));
  CHECK(dead[0].job.error == "gave up");
  CHECK(dead[1].job.lane == "a");
  CHECK(store.read([](const Snapshot& in) { return in.jobs.dead(1).size(); }) == 1);

  CHECK(store.write([&](Transaction& in) { return in.jobs.drop_dead(dead[0].job.id); }));
  CHECK_FALSE(store.write([&](Transaction& in) { return in.jobs.revive(dead[0].job.id, at(10)); }));
  CHECK(store.write([&](Transaction& in) { return in.jobs.revive(dead[1].job.id, at(10)); }));
  CHECK_FALSE(store.write([&](Transaction& in) { return in.jobs.revive(dead[1].job.id, at(10)); }));
  CHECK_FALSE(claim(store, 9));
  const auto revived = claim(store, 10);
  REQUIRE(revived);
  CHECK(revived->lane == "a");
  CHECK(revived->attempts == 1);
}

TEST_CASE("the leases of a dead holder end, those of others don't") {
  const AnyStore store = any_store();
  const auto claim_as = [&](const char* lane, const char* holder) {
    store->transact([&](Transaction& in) {
      in.jobs.add(job("plan", lane));
      REQUIRE(in.jobs.claim({"plan"}, lease(0, holder)));
    });
  };
  claim_as("ours", "host/boot/200");
  claim_as("theirs", "host/boot/100");
  claim_as("elsewhere", "other/boot/100");
  store->transact([](Transaction& in) { in.jobs.release("host/", "host/boot/200"); });
  const auto claimed = claim(store, 1);
  REQUIRE(claimed);
  CHECK(claimed->lane == "theirs");
  CHECK_FALSE(claim(store, 1));
}

TEST_CASE("the next due time is when a claim may succeed at the earliest") {
  const AnyStore store = any_store();
  const auto next = [&] {
    return store.read([](const Snapshot& in) { return in.jobs.next_due({"plan", "say"}); });
  };
  CHECK_FALSE(next());
  store->transact([](Transaction& in) {
    NewJob later = job("plan", "a");
    later.due = at(50);
    in.jobs.add(later);
    NewJob behind = job("plan", "a");  // stands behind `later`, whatever its own time
    behind.due = at(1);
    in.jobs.add(behind);
    NewJob other = job("apply", "b");
    other.due = at(2);
    in.jobs.add(other);
  });
  CHECK(next() == at(50));
  store->transact([](Transaction& in) {
    NewJob sooner = job("say", "c");
    sooner.due = at(40);
    sooner.priority = Priority::Refresh;
    in.jobs.add(sooner);
  });
  CHECK(next() == at(40));
  REQUIRE(claim(store, 60));
  REQUIRE(claim(store, 60, {"say"}));
  CHECK(next() == at(90));  // when the leases run out
}

TEST_CASE("jobs are counted by what they are doing") {
  const AnyStore store = any_store();
  store->transact([](Transaction& in) {
    for (const char* lane : {"a", "b", "c", "d"}) in.jobs.add(job("plan", lane));
  });
  const auto dying = claim(store, 0);
  store->transact([&](Transaction& in) { in.jobs.bury(*dying, at(1), "gave up"); });
  REQUIRE(claim(store, 0));
  const auto count = [&](JobState state) {
    return store.read([&](const Snapshot& in) { return in.jobs.count(state); });
  };
  CHECK(count(JobState::Waiting) == 2);
  CHECK(count(JobState::Running) == 1);
  CHECK(count(JobState::Dead) == 1);
}
