#pragma once

#include "bot/work/step.h"

namespace slipway::work {

/// Applies an approved plan under its keeper, or takes up one that runs or ended, and records what the state
/// became.
class ApplyStep final : public Step {
 public:
  explicit ApplyStep(const Tools& tools) : tools_(tools) {}
  Outcome perform(const Job& job, const Claim& claim, std::stop_token stop) override;
  Outcome give_up(const Job& job, const std::string& why) override;

 private:
  const Tools& tools_;
};

}  // namespace slipway::work
