#pragma once

#include "bot/work/step.h"

namespace slipway::work {

/// One issue per project whose state is not what its base branch says: opened or opened again, kept up to
/// date, and closed when nobody has to do anything any more.
class SayIssues final : public Step {
 public:
  explicit SayIssues(const Tools& tools) : tools_(tools) {}
  Outcome perform(const Job& job, const Claim& claim, std::stop_token stop) override;

 private:
  const Tools& tools_;
};

}  // namespace slipway::work
