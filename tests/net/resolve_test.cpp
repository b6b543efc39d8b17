#include "bot/net/resolve.h"

#include "core/failure.h"

#include <catch2/catch.hpp>

namespace slipway::net {
namespace {

using Steady = std::chrono::steady_clock;

}  // namespace

TEST_CASE("an address is taken as it is, even when there is no time for a look-up") {
  std::stop_source stop;
  stop.request_stop();
  CHECK(resolve("192.0.2.7", 80, Steady::now(), stop.get_token()).size() == 1);
  CHECK(resolve("::1", 80, Steady::now(), stop.get_token()).front().storage.ss_family == AF_INET6);
}

TEST_CASE("a look-up ends with the caller's stop or deadline, whatever the system still does") {
  std::stop_source stop;
  stop.request_stop();
  CHECK_THROWS_AS(resolve("nowhere.invalid", 80, Steady::now() + std::chrono::hours(1), stop.get_token()),
                  Stopped);
  CHECK_THROWS_AS(resolve("nowhere.invalid", 80, Steady::now() - std::chrono::hours(1), {}), Failure);
}

TEST_CASE("a name that does not exist is a failure that may pass") {
  try {
    resolve("nowhere.invalid", 80, Steady::now() + std::chrono::hours(1), {});
    FAIL("it was resolved");
  } catch (const Failure& failure) {
    CHECK(failure.retry() == Retry::Later);
  }
}

}  // namespace slipway::net
