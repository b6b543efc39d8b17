#pragma once

#include "bot/work/step.h"

namespace slipway::work {

/// Makes one machine's difference known to one sink. Given up, it stays as a dead job and the change is
/// degraded.
class HookStep final : public Step {
 public:
  explicit HookStep(const Tools& tools) : tools_(tools) {}
  Outcome perform(const Job& job, const Claim& claim, std::stop_token stop) override;
  Outcome give_up(const Job& job, const std::string& why) override;

 private:
  const Tools& tools_;
};

}  // namespace slipway::work
