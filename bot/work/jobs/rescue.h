#pragma once

#include "bot/work/step.h"

namespace slipway::work {

/// Pushes back the state that an apply could not write, and records it with its machines. Given up, it stays
/// as a dead job that can be done again.
class PushState final : public Step {
 public:
  explicit PushState(const Tools& tools) : tools_(tools) {}
  Outcome perform(const Job& job, const Claim& claim, std::stop_token stop) override;
  Outcome give_up(const Job& job, const std::string& why) override;

 private:
  const Tools& tools_;
};

/// Releases a lock of Terraform's because a person said so.
class ReleaseLock final : public Step {
 public:
  explicit ReleaseLock(const Tools& tools) : tools_(tools) {}
  Outcome perform(const Job& job, const Claim& claim, std::stop_token stop) override;
  Outcome give_up(const Job& job, const std::string& why) override;

 private:
  const Tools& tools_;
};

}  // namespace slipway::work
