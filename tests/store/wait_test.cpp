#include "tests/store/contract.h"

#include <catch2/catch.hpp>

#include <chrono>
#include <functional>
#include <future>
#include <stop_token>

using namespace slipway;
using namespace slipway::store;
using namespace std::chrono_literals;

namespace {

NewJob job(std::string lane) {
  return {.kind = "plan", .lane = std::move(lane), .payload = {}, .due = at(0)};
}

/// Far more than any of these tests takes: whoever waits for it was not woken.
constexpr auto kForever = 60s;

using Wait = bool (Store::*)(std::chrono::milliseconds, std::stop_token);
constexpr Wait kForWork = &Store::wait_for_work;
constexpr Wait kForDeliveries = &Store::wait_for_deliveries;

bool waits(const AnyStore& store, Wait wait, std::chrono::milliseconds at_most = 0ms,
           std::stop_token stop = {}) {
  return (*store.operator->().*wait)(at_most, std::move(stop));
}

/// A thread's first wait returns at once; after it there is nothing that this thread has not heard of.
void listen(const AnyStore& store, Wait wait = kForWork) {
  while (waits(store, wait)) continue;
}

/// Whether `event` wakes a thread that waits, and one that was not waiting yet.
void check_wakes(const AnyStore& store, const std::function<void()>& event, Wait wait = kForWork) {
  std::promise<void> listens;
  auto woken = std::async(std::launch::async, [&] {
    listen(store, wait);
    listens.set_value();
    return waits(store, wait, kForever);
  });
  listens.get_future().wait();
  listen(store, wait);
  event();
  CHECK(woken.get());
  CHECK(waits(store, wait));
  CHECK_FALSE(waits(store, wait));
}

std::optional<Job> claim(const AnyStore& store) {
  return store.write([](Transaction& in) { return in.jobs.claim({"plan"}, {"here", at(0), at(30)}); });
}

}  // namespace

TEST_CASE("a job that is added wakes those who wait for work") {
  const AnyStore store = any_store();
  check_wakes(store, [&] { store->transact([](Transaction& in) { in.jobs.add(job("a")); }); });
}

TEST_CASE("a delivery wakes those who wait for deliveries, a known one doesn't") {
  const AnyStore store = any_store();
  check_wakes(store, [&] { record(*store, delivery("d-1")); }, kForDeliveries);
  record(*store, delivery("d-1"));
  CHECK_FALSE(store->wait_for_deliveries(0ms, {}));
}

TEST_CASE("a delivery doesn't wake those who wait for work, nor a job those who wait for deliveries") {
  const AnyStore store = any_store();
  listen(store);
  record(*store, delivery("d-1"));
  CHECK_FALSE(store->wait_for_work(0ms, {}));
  listen(store, kForDeliveries);
  store->transact([](Transaction& in) { in.jobs.add(job("a")); });
  CHECK_FALSE(store->wait_for_deliveries(0ms, {}));
}

TEST_CASE("an ended job wakes those who wait for its lane") {
  const AnyStore store = any_store();
  store->transact([](Transaction& in) {
    in.jobs.add(job("a"));
    in.jobs.add(job("a"));
  });
  const auto first = claim(store);
  check_wakes(store, [&] { store->transact([&](Transaction& in) { in.jobs.finish(*first); }); });
  const auto second = claim(store);
  check_wakes(store,
              [&] { store->transact([&](Transaction& in) { in.jobs.retry(*second, at(5), "again"); }); });
}

TEST_CASE("released, revived and reopened work wakes") {
  const AnyStore store = any_store();
  store->transact([](Transaction& in) { in.jobs.add(job("a")); });
  REQUIRE(claim(store));
  check_wakes(store, [&] { store->transact([](Transaction& in) { in.jobs.release("he", "me"); }); });
  const auto dying = claim(store);
  store->transact([&](Transaction& in) { in.jobs.bury(*dying, at(1), "gave up"); });
  check_wakes(store, [&] { store->transact([&](Transaction& in) { in.jobs.revive(dying->id, at(0)); }); });
  record(*store, delivery("d-1"));
  check_wakes(
      store, [&] { store->transact([](Transaction& in) { in.inbox.reopen("d-1"); }); }, kForDeliveries);
}

TEST_CASE("what brings no work wakes nobody") {
  const AnyStore store = any_store();
  store->transact([](Transaction& in) { in.jobs.add(job("a")); });
  listen(store);
  const auto only = claim(store);
  store->transact([&](Transaction& in) {
    in.audit.add({});
    in.jobs.beat(*only, {"here", at(0), at(60)});
    in.jobs.finish(*only);
  });
  CHECK_THROWS(store->transact([](Transaction& in) {
    in.jobs.add(job("b"));
    throw 1;
  }));
  CHECK_FALSE(store->wait_for_work(0ms, {}));
}

TEST_CASE("one who waits for work ends when told to stop") {
  const AnyStore store = any_store();
  listen(store);
  std::stop_source source;
  auto woken = std::async(std::launch::async, [&] {
    listen(store);
    return store->wait_for_work(kForever, source.get_token());
  });
  source.request_stop();
  CHECK_FALSE(woken.get());
}
