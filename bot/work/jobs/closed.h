#pragma once

#include "bot/work/step.h"

namespace slipway::work {

/// Of a pull request that was closed without a merge after it was applied: what the base branch says of these
/// projects now, to be planned. A project that the base does not have is planned from the files that it was
/// applied with, as a destroy.
class PrepareClosed final : public Step {
 public:
  explicit PrepareClosed(const Tools& tools) : tools_(tools) {}
  Outcome perform(const Job& job, const Claim& claim, std::stop_token stop) override;

 private:
  const Tools& tools_;
};

}  // namespace slipway::work
