#include "core/guarded.h"

#include <catch2/catch.hpp>

#include <chrono>
#include <stop_token>
#include <thread>
#include <vector>

namespace slipway {
namespace {

TEST_CASE("a guarded value loses no change that threads make at once") {
  Guarded<int> count;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i)
      threads.emplace_back([&] {
        for (int j = 0; j < 1'000; ++j) count.with([](int& value) { ++value; });
      });
  }
  CHECK(count.with([](int& value) { return value; }) == 4'000);
  CHECK(std::as_const(count).with([](const int& value) { return value + 1; }) == 4'001);
}

TEST_CASE("who waits for a value hears its change") {
  Guarded<int> value(std::in_place, 1);
  const std::stop_source never;
  const auto begun = std::chrono::steady_clock::now();
  bool heard = false;
  std::thread waiter([&] {
    heard = value.wait_until(begun + std::chrono::minutes(1), never.get_token(),
                             [](int now) { return now == 2; });
  });
  value.change([](int& now) { now = 2; });
  waiter.join();
  CHECK(heard);
  CHECK(std::chrono::steady_clock::now() - begun < std::chrono::seconds(50));
}

TEST_CASE("waiting ends at its deadline, and by a stop") {
  Guarded<int> value;
  CHECK_FALSE(
      value.wait_until(std::chrono::steady_clock::now(), std::stop_token(), [](int) { return false; }));
  std::stop_source stop;
  stop.request_stop();
  CHECK_FALSE(value.wait_until(std::chrono::steady_clock::now() + std::chrono::minutes(1), stop.get_token(),
                               [](int) { return false; }));
}

}  // namespace
}  // namespace slipway
