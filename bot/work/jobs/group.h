#pragma once

#include "bot/work/step.h"
#include "templates/message.h"

namespace slipway::work {

/// A merge queue's commit: its projects are planned on the group's tree and the required statuses set, since
/// a queue waits for ever for one that isn't. Nothing of it is kept or applied.
class Group final : public Step {
 public:
  explicit Group(const Tools& tools) : tools_(tools) {}
  Outcome perform(const Job& job, const Claim& claim, std::stop_token stop) override;

 private:
  struct Of {
    const RepoId& repo;
    Sha tree;
    const config::RepoConfig& config;
    std::int64_t fence;
  };
  templates::ProjectReport plan(const Of& group, const change::event::FoundProject& project,
                                std::stop_token stop);

  const Tools& tools_;
};

}  // namespace slipway::work
