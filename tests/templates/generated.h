#pragma once

#include "core/plan.h"

#include <random>
#include <string>

namespace slipway::templates {

/// Plans of every shape, the same ones for the same seed. Every sensitive value's tag begins with kTag, so
/// that a leak is found by looking for it.
class PlanGenerator {
 public:
  static constexpr std::string_view kTag = "leaked-tag";

  explicit PlanGenerator(std::uint32_t seed) : random_(seed) {}

  Plan plan(std::size_t changes);
  PlanValue value(int depth);
  /// The same value with a few differences.
  PlanValue changed(const PlanValue& value, int depth);
  std::size_t below(std::size_t bound) { return bound == 0 ? 0 : random_() % bound; }

 private:
  ResourceChange change(std::size_t number);
  PlanValue::Map object(int depth);
  std::string text();
  std::string name();
  bool one_in(std::size_t times) { return below(times) == 0; }

  std::mt19937 random_;
};

}  // namespace slipway::templates
