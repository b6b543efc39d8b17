#pragma once

#include "core/ids.h"
#include "core/plan_record.h"

#include <utility>

namespace slipway::change {
class Gate;
}
namespace slipway::work {
class Claim;
}

namespace slipway {

/// A plan that passed the gate: `apply` takes nothing else, and only the gate makes one.
class ApprovedPlan {
 public:
  const PlanRecord& record() const { return record_; }

 private:
  friend class change::Gate;
  explicit ApprovedPlan(PlanRecord record) : record_(std::move(record)) {}
  PlanRecord record_;
};

/// Whoever holds it holds the state's lane: made by the claim of a job in that lane, checked by its fence.
class LockProof {
 public:
  const StateKey& key() const { return key_; }
  std::int64_t fence() const { return fence_; }

 private:
  friend class work::Claim;
  LockProof(StateKey key, std::int64_t fence) : key_(std::move(key)), fence_(fence) {}
  StateKey key_;
  std::int64_t fence_;
};

}  // namespace slipway
