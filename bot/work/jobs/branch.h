#pragma once

#include "bot/work/step.h"

namespace slipway::work {

/// A base branch that moved: what came to it without a pull request is taken up as a push, to be planned,
/// shown and asked for. A commit that no merged pull request explains yet has a little time: forges tell of a
/// merge after they made it. A branch that was rewritten says so to whatever waits to be applied from what is
/// gone.
class Branch final : public Step {
 public:
  explicit Branch(const Tools& tools) : tools_(tools) {}
  Outcome perform(const Job& job, const Claim& claim, std::stop_token stop) override;

 private:
  const Tools& tools_;
};

/// Tells one pull request that its base branch was rewritten.
class Rewritten final : public Step {
 public:
  explicit Rewritten(const Tools& tools) : tools_(tools) {}
  Outcome perform(const Job& job, const Claim& claim, std::stop_token stop) override;

 private:
  const Tools& tools_;
};

struct BranchAt {
  RepoId repo;
  std::string branch;
};
NewJob branch_job(const BranchAt& branch, Time due);

}  // namespace slipway::work
