#pragma once

#include "core/json.h"

#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace slipway::runner {

/// Plan JSON as a seed has it: resources of all actions, values of all shapes, masks that fit them, and some
/// sensitive values once more where no mask covers them, as Terraform's own plans have.
class PlanGenerator {
 public:
  explicit PlanGenerator(std::uint64_t seed) : random_(seed) {}

  Json plan();
  /// Every sensitive value that the plan holds.
  const std::vector<std::string>& secrets() const { return secrets_; }

  std::size_t below(std::size_t bound) { return random_() % bound; }

 private:
  struct Masked {
    Json value;
    Json unknown = false;
    Json sensitive = false;
  };

  bool one_in(std::size_t count) { return below(count) == 0; }
  Json change(std::size_t number);
  Masked attributes(std::size_t depth);
  Masked value(std::size_t depth);
  Masked list(std::size_t depth);
  Json scalar();
  std::string secret();

  std::mt19937_64 random_;
  std::vector<std::string> secrets_;
};

/// The same document, its members in another order.
std::string shuffled_dump(const Json& json, PlanGenerator& random);

}  // namespace slipway::runner
