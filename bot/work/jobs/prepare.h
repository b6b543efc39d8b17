#pragma once

#include "bot/work/step.h"

namespace slipway::work {

/// Fetches base and head, merges them in memory and finds the projects; of a merged pull request, what was
/// merged.
class Prepare final : public Step {
 public:
  explicit Prepare(const Tools& tools) : tools_(tools) {}
  Outcome perform(const Job& job, const Claim& claim, std::stop_token stop) override;
  Outcome give_up(const Job& job, const std::string& why) override;

 private:
  Outcome open(const HeldPull& held, std::stop_token stop);
  Outcome merged(const HeldPull& held, std::int64_t attempt, std::stop_token stop);
  Outcome look_again(const PullId& id) const;
  std::optional<HeldPull> held(const PullId& id) const;
  store::RepoRow see_first(const RepoId& repo, const std::string& branch, const Sha& base);
  /// What is wrong with the repository's own file as this tree has it; empty: nothing. It is looked at, and
  /// not used.
  std::string what_it_spoils(const PullRequest& pull, const Sha& tree);

  const Tools& tools_;
};

}  // namespace slipway::work
