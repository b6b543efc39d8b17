#pragma once

#include "core/approved_plan.h"
#include "core/job.h"

#include <optional>
#include <string>

namespace slipway::work {

/// A job that this process has the lease of.
class Claim {
 public:
  explicit Claim(const Job& job) : lane_(job.lane), fence_(job.fence) {}

  /// Proof that this claim holds the state's lane. Throws Failure when the job stands in another lane.
  LockProof hold(const StateKey& key) const;

 private:
  std::string lane_;
  std::int64_t fence_;
};

/// Lanes (layout.md, "Work").
std::string pull_lane(const PullId& pull);
std::string plan_lane(const ChangeId& change);
std::string state_lane(const StateKey& key);
std::string comment_lane(const PullId& pull);
/// Short comments don't wait behind an edit that is put off.
std::string notice_lane(const PullId& pull);
/// `lane` as the hook of this name calls it.
std::string sink_lane(const std::string& hook, const std::string& lane);

}  // namespace slipway::work
