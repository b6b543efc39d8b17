#include "bot/work/budget.h"

#include <catch2/catch.hpp>

using namespace slipway;
using namespace slipway::work;
using namespace std::chrono_literals;

namespace {

const Time kStart = from_millis(1'700'000'000'000);

/// How many writes of this urgency may happen at one moment.
std::size_t taken(Budget& budget, Urgency urgency, Time now) {
  std::size_t count = 0;
  while (count < kWritesAnHour && budget.take("github", urgency, now) == 0ms) ++count;
  return count;
}

}  // namespace

TEST_CASE("progress leaves room for results, and statuses leave room for comments") {
  Budget budget;
  CHECK(taken(budget, Urgency::Progress, kStart) == kWritesAMinute - kKeptForResults);
  CHECK(taken(budget, Urgency::Status, kStart) == kKeptForResults - kKeptForComments);
  CHECK(taken(budget, Urgency::Comment, kStart) == kKeptForComments);
  CHECK(budget.take("github", Urgency::Comment, kStart + 1s) == 59s);
}

TEST_CASE("a write that must wait is told when there is room, and then has it") {
  Budget budget;
  taken(budget, Urgency::Comment, kStart);
  CHECK(budget.take("github", Urgency::Comment, kStart + 1min) == 0ms);
  CHECK(budget.take("github", Urgency::Progress, kStart + 1min) == 0ms);
}

TEST_CASE("an hour's writes are bounded too") {
  Budget budget;
  Time now = kStart;
  for (std::size_t left = kWritesAnHour; left > 0; now += 1min)
    left -= std::min(left, taken(budget, Urgency::Comment, now));
  CHECK(budget.take("github", Urgency::Comment, now) == kStart + 1h - now);
}

TEST_CASE("each forge has a budget of its own") {
  Budget budget;
  taken(budget, Urgency::Comment, kStart);
  CHECK(budget.take("gitlab", Urgency::Comment, kStart) == 0ms);
}
