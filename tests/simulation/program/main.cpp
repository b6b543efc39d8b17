#include "tests/simulation/story.h"

#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

using namespace slipway::simulation;

namespace {

constexpr std::chrono::seconds kProgress{2};

void print_story(const Told& told) {
  for (const std::string& line : told.lines) fmt::print("{}\n", line);
}

int usage() {
  fmt::print(stderr, "usage: simulation --seeds N --from S | --replay SEED\n");
  return 2;
}

}  // namespace

/// Seeds S to S+N-1, one after the other; prints "progress DONE" now and then and "failed SEED RULE: WHY" for
/// each that fails, for tests/simulation/run to gather.
int main(int argc, char** argv) {
  std::uint64_t seeds = 100;
  std::uint64_t from = 1;
  bool replay = false;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string_view name = argv[i];
    const std::uint64_t value = std::strtoull(argv[i + 1], nullptr, 10);
    if (name == "--seeds") {
      seeds = value;
    } else if (name == "--from") {
      from = value;
    } else if (name == "--replay") {
      from = value;
      replay = true;
    } else {
      return usage();
    }
  }
  if (replay) {
    const Told told = tell(from, true);
    print_story(told);
    fmt::print("{}\n", told.good ? "the story ends well" : fmt::format("{}: {}", told.rule, told.what));
    return told.good ? 0 : 1;
  }
  std::uint64_t bad = 0;
  auto said = std::chrono::steady_clock::now();
  for (std::uint64_t seed = from; seed < from + seeds; ++seed) {
    const Told told = tell(seed, false);
    if (!told.good) {
      ++bad;
      fmt::print("failed {} {}: {}\n", seed, told.rule, told.what);
      std::fflush(stdout);
    }
    if (std::chrono::steady_clock::now() - said >= kProgress || seed + 1 == from + seeds) {
      said = std::chrono::steady_clock::now();
      fmt::print("progress {}\n", seed + 1 - from);
      std::fflush(stdout);
    }
  }
  return bad == 0 ? 0 : 1;
}
