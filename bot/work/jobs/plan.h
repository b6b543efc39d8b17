#pragma once

#include "bot/work/run_log.h"
#include "bot/work/step.h"

namespace slipway::work {

/// Plans a change in its place, judges the plan, keeps it sealed.
class PlanStep final : public Step {
 public:
  explicit PlanStep(const Tools& tools) : tools_(tools) {}
  Outcome perform(const Job& job, const Claim& claim, std::stop_token stop) override;
  Outcome give_up(const Job& job, const std::string& why) override;

 private:
  const Tools& tools_;
};

}  // namespace slipway::work
