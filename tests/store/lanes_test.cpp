#include "tests/store/contract.h"

#include <catch2/catch.hpp>

using namespace slipway;
using namespace slipway::store;

namespace {

NewJob job(std::string name, std::string lane) {
  return {.kind = "step", .lane = std::move(lane), .payload = std::move(name), .due = at(0)};
}

NewJob keyed(std::string name, std::string key, std::int64_t due = 0) {
  NewJob added = job(std::move(name), "lane");
  added.key = std::move(key);
  added.due = at(due);
  return added;
}

void add(const AnyStore& store, const NewJob& added) {
  store->transact([&](Transaction& in) { in.jobs.add(added); });
}

std::optional<Job> claim(const AnyStore& store, std::int64_t now) {
  return store.write(
      [&](Transaction& in) { return in.jobs.claim({"step"}, {"here", at(now), at(now + 30)}); });
}

/// The name of what can be claimed, or nothing.
std::string claimed(const AnyStore& store, std::int64_t now) {
  const auto found = claim(store, now);
  return found ? found->payload.string() : "nothing";
}

std::vector<std::string> lane(const AnyStore& store, const std::string& name = "lane") {
  std::vector<std::string> names;
  for (const Job& found : store.read([&](const Snapshot& in) { return in.jobs.in_lane(name); })) {
    names.push_back(found.payload.string());
  }
  return names;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("two jobs of one lane never run at the same time") {
  const AnyStore store = any_store();
  add(store, job("first", "lane"));
  add(store, job("second", "lane"));
  const auto first = claim(store, 0);
  REQUIRE(first);
  CHECK(claimed(store, 0) == "nothing");
  store->transact([&](Transaction& in) { in.jobs.finish(*first); });
  CHECK(claimed(store, 0) == "second");
}

TEST_CASE("jobs of different lanes run at the same time") {
  const AnyStore store = any_store();
  add(store, job("one", "a"));
  add(store, job("other", "b"));
  CHECK(claimed(store, 0) == "one");
  CHECK(claimed(store, 0) == "other");
}

TEST_CASE("a lane keeps its order, however urgent the younger job is") {
  const AnyStore store = any_store();
  add(store, job("older", "lane"));
  NewJob urgent = job("urgent", "lane");
  urgent.priority = Priority::Apply;
  add(store, urgent);
  CHECK(claimed(store, 0) == "older");
}

TEST_CASE("the oldest job of a lane holds it, even while it is not due") {
  const AnyStore store = any_store();
  NewJob later = job("older", "lane");
  later.due = at(100);
  add(store, later);
  add(store, job("younger", "lane"));
  CHECK(claimed(store, 99) == "nothing");
  CHECK(claimed(store, 100) == "older");
}

TEST_CASE("a retried job keeps its place in the lane") {
  const AnyStore store = any_store();
  add(store, job("older", "lane"));
  add(store, job("younger", "lane"));
  const auto older = claim(store, 0);
  store->transact([&](Transaction& in) { in.jobs.retry(*older, at(60), "not yet"); });
  CHECK(claimed(store, 59) == "nothing");
  CHECK(claimed(store, 60) == "older");
}

TEST_CASE("a dead job frees its lane, and joins it at the end when it is revived") {
  const AnyStore store = any_store();
  add(store, job("first", "lane"));
  add(store, job("second", "lane"));
  add(store, job("third", "lane"));
  const auto first = claim(store, 0);
  store->transact([&](Transaction& in) { in.jobs.bury(*first, at(1), "gave up"); });
  CHECK(lane(store) == Names{"second", "third"});
  const auto second = claim(store, 0);
  CHECK(second->payload.string() == "second");
  CHECK(store.write([&](Transaction& in) { return in.jobs.revive(first->id, at(0)); }));
  CHECK(lane(store) == Names{"second", "third", "first"});
  CHECK(claimed(store, 0) == "nothing");
}

TEST_CASE("superseded jobs of a lane are dropped, but not one that was claimed before") {
  const AnyStore store = any_store();
  add(store, job("running", "lane"));
  add(store, job("waiting", "lane"));
  NewJob other = job("of another kind", "lane");
  other.kind = "say";
  add(store, other);
  add(store, job("elsewhere", "other lane"));
  const auto running = claim(store, 0);
  const auto drop = [&] {
    return store.write([](Transaction& in) { return in.jobs.drop_waiting("lane", "step"); });
  };
  CHECK(drop() == 1);
  CHECK(lane(store) == Names{"running", "of another kind"});
  CHECK(lane(store, "other lane") == Names{"elsewhere"});
  store->transact([&](Transaction& in) { in.jobs.retry(*running, at(5), "again"); });
  CHECK(drop() == 0);
  CHECK(lane(store) == Names{"running", "of another kind"});
}

TEST_CASE("a lane whose oldest job was dropped goes on with the next") {
  const AnyStore store = any_store();
  NewJob other = job("of another kind", "lane");
  other.kind = "say";
  add(store, other);
  add(store, job("next", "lane"));
  CHECK(claimed(store, 0) == "nothing");
  CHECK(store.write([](Transaction& in) { return in.jobs.drop_waiting("lane", "say"); }) == 1);
  CHECK(claimed(store, 0) == "next");
}

TEST_CASE("a waiting job with the same key is replaced where it stands") {
  const AnyStore store = any_store();
  add(store, keyed("old edit", "edit", 10));
  add(store, keyed("something else", ""));
  add(store, keyed("new edit", "edit", 60));
  CHECK(lane(store) == Names{"new edit", "something else"});
  CHECK(claimed(store, 9) == "nothing");
  CHECK(claimed(store, 10) == "new edit");  // the earlier due time stays
}

TEST_CASE("the more urgent priority of two jobs with one key stays") {
  const AnyStore store = any_store();
  NewJob persons = keyed("persons", "plan");
  persons.priority = Priority::PersonsPlan;
  NewJob automatic = keyed("automatic", "plan");
  automatic.priority = Priority::Plan;
  add(store, persons);
  add(store, automatic);
  CHECK(claim(store, 0)->priority == Priority::PersonsPlan);
}

TEST_CASE("a replaced job starts without the attempts of the old one") {
  const AnyStore store = any_store();
  add(store, keyed("old", "edit"));
  const auto old = claim(store, 0);
  store->transact([&](Transaction& in) { in.jobs.retry(*old, at(60), "failed"); });
  add(store, keyed("new", "edit", 20));
  const auto next = claim(store, 20);
  REQUIRE(next);
  CHECK(next->payload.string() == "new");
  CHECK(next->attempts == 1);
  CHECK(next->error.empty());
}

TEST_CASE("jobs without a key, or with one key in two lanes, stay apart") {
  const AnyStore store = any_store();
  add(store, keyed("a", ""));
  add(store, keyed("b", ""));
  add(store, keyed("c", "key"));
  NewJob elsewhere = keyed("d", "key");
  elsewhere.lane = "other lane";
  add(store, elsewhere);
  CHECK(lane(store) == Names{"a", "b", "c"});
  CHECK(lane(store, "other lane") == Names{"d"});
}

TEST_CASE("what is asked for while a job with its key runs is done after it") {
  const AnyStore store = any_store();
  add(store, keyed("old", "edit"));
  const auto old = claim(store, 0);
  add(store, keyed("new", "edit"));
  CHECK(lane(store) == Names{"old", "new"});
  store->transact([&](Transaction& in) { in.jobs.finish(*old); });
  CHECK(claimed(store, 0) == "new");
}

TEST_CASE("a job that failed while a newer one with its key came becomes one with it") {
  const AnyStore store = any_store();
  add(store, keyed("old", "edit"));
  const auto old = claim(store, 0);
  add(store, keyed("between", ""));
  NewJob urgent = keyed("new", "edit");
  urgent.priority = Priority::Say;
  add(store, urgent);
  CHECK(store.write([&](Transaction& in) { return in.jobs.retry(*old, at(30), "failed"); }));
  CHECK(lane(store) == Names{"new", "between"});
  CHECK(claimed(store, 29) == "nothing");
  const auto next = claim(store, 30);
  REQUIRE(next);
  CHECK(next->payload.string() == "new");
  CHECK(next->priority == Priority::Say);
  CHECK(next->attempts == 2);
  CHECK(next->error == "failed");
}

TEST_CASE("a job whose lease ran out is claimed again although a newer one with its key waits") {
  const AnyStore store = any_store();
  add(store, keyed("old", "edit"));
  REQUIRE(claim(store, 0));
  add(store, keyed("new", "edit"));
  CHECK(claimed(store, 60) == "old");
  CHECK(lane(store) == Names{"old", "new"});
}

TEST_CASE("a revived job gives way to a newer one with its key") {
  const AnyStore store = any_store();
  add(store, keyed("old", "edit"));
  const auto old = claim(store, 0);
  store->transact([&](Transaction& in) { in.jobs.bury(*old, at(1), "gave up"); });
  add(store, keyed("new", "edit"));
  CHECK(store.write([&](Transaction& in) { return in.jobs.revive(old->id, at(5)); }));
  CHECK(lane(store) == Names{"new"});
  CHECK(store.read([](const Snapshot& in) { return in.jobs.dead(10).size(); }) == 0);
}
