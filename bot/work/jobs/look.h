#pragma once

#include "bot/work/step.h"

namespace slipway::work {

/// The pull request as the forge has it now, with the reviews that count.
PullRequest look_at(const Tools& tools, const PullId& id, std::stop_token stop);

/// Fetches the pull request anew: whatever was heard was only a hint. Where a merge queue had asked about it,
/// whether that still stands by its commit.
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
