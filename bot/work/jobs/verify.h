#pragma once

#include "bot/work/step.h"

namespace slipway::work {

/// Finds out what a plan would be made from now, so that the gate can compare.
class Verify final : public Step {
 public:
  explicit Verify(const Tools& tools) : tools_(tools) {}
  Outcome perform(const Job& job, const Claim& claim, std::stop_token stop) override;
  Outcome give_up(const Job& job, const std::string& why) override;

 private:
  const Tools& tools_;
};

}  // namespace slipway::work
