#pragma once

#include "bot/work/step.h"

namespace slipway::work {

/// Fetches the pull request anew: whatever was heard was only a hint.
class Look final : public Step {
 public:
  explicit Look(const Tools& tools) : tools_(tools) {}
  Outcome perform(const Job& job, const Claim& claim, std::stop_token stop) override;

 private:
  const Tools& tools_;
};

/// A comment that is a command: who wrote it is asked of the forge.
class CommandStep final : public Step {
 public:
  explicit CommandStep(const Tools& tools) : tools_(tools) {}
  Outcome perform(const Job& job, const Claim& claim, std::stop_token stop) override;

 private:
  const Tools& tools_;
};

/// A plan that a moved state made stale.
class Stale final : public Step {
 public:
  explicit Stale(const Tools&) {}
  Outcome perform(const Job& job, const Claim& claim, std::stop_token stop) override;
};

}  // namespace slipway::work
