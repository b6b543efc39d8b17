#pragma once

#include "bot/work/step.h"
#include "templates/message.h"

namespace slipway::work {

/// A merge queue's commit. Where nothing of it is applied in the queue, its projects are planned on the
/// group's tree and the required statuses set, since a queue waits for ever for one that isn't; nothing of it
/// is kept. Else the commit has to hold one pull request alone, on the base branch's head: that git and the
/// forge tell, and what follows is the pull request's.
class Group final : public Step {
 public:
  explicit Group(const Tools& tools) : tools_(tools) {}
  Outcome perform(const Job& job, const Claim& claim, std::stop_token stop) override;
  Outcome give_up(const Job& job, const std::string& why) override;

 private:
  struct Of {
    const RepoId& repo;
    const std::string& base_branch;
    QueueGroup group;
    Sha tree;
    const config::RepoConfig& config;
    std::int64_t number;
    Time asked_at;
    std::int64_t attempt;
    std::int64_t fence;
  };
  Outcome plan_all(const Of& of, const std::vector<change::event::FoundProject>& projects,
                   std::stop_token stop);
  templates::ProjectReport plan(const Of& of, const change::event::FoundProject& project,
                                std::stop_token stop);
  Outcome take_up(const Of& of, std::stop_token stop);
  Outcome fail(const RepoId& repo, const Sha& commit, const std::string& why, std::stop_token stop);

  const Tools& tools_;
};

}  // namespace slipway::work
