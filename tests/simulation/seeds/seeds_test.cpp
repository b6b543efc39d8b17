#include "tests/simulation/story.h"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace slipway::simulation;

TEST_CASE("whatever happens, the rules hold after every step and every merge comes to an end") {
  constexpr std::uint64_t kSeeds = 60;
  std::size_t applies = 0;
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    const Told told = tell(seed, false);
    INFO("seed " << seed << ": " << told.rule << ": " << told.what << "\n  tests/simulation/run --replay "
                 << seed);
    CHECK(told.good);
    applies += told.applies;
  }
  // Stories in which nothing is applied prove little.
  CHECK(applies > kSeeds / 4);
}

TEST_CASE("a seed is the same story every time") {
  for (const std::uint64_t seed : {7, 8, 9}) {
    const Told once = tell(seed, true);
    const Told again = tell(seed, true);
    const auto differs =
        std::mismatch(once.lines.begin(), once.lines.end(), again.lines.begin(), again.lines.end());
    INFO("seed " << seed);
    if (differs.first != once.lines.end()) INFO(*differs.first);
    CHECK(once.lines == again.lines);
  }
}
