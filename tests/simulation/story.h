#pragma once

#include "tests/simulation/database.h"
#include "tests/simulation/model.h"

#include <cstdint>
#include <string>
#include <vector>

namespace slipway::simulation {

/// How one seed's story went.
struct Told {
  std::uint64_t seed = 0;
  bool good = true;
  std::string rule;                // that did not hold
  std::string what;                // and why
  std::vector<std::string> lines;  // every step and every decision, when it was traced
  std::size_t steps = 0;
  std::size_t applies = 0;
};

/// One story from its beginning to where nothing moves any more. The same seed is the same story, step by
/// step.
Told tell(std::uint64_t seed, bool traced, const Tampering& tampering = {});

}  // namespace slipway::simulation
