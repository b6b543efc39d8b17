#pragma once

#include "bot/work/step.h"

namespace slipway::work {

/// Level over edge: compares every listed repository's pull requests and base branches with the Store, at
/// start and on a timer, so that a lost webhook costs time only; and every hook that is a projection with the
/// recorded states. The job puts itself in again.
class Reconcile final : public Step {
 public:
  explicit Reconcile(const Tools& tools) : tools_(tools) {}
  Outcome perform(const Job& job, const Claim& claim, std::stop_token stop) override;
  Outcome give_up(const Job& job, const std::string& why) override;

 private:
  const Tools& tools_;
};

/// One repository.
class ReconcileRepo final : public Step {
 public:
  explicit ReconcileRepo(const Tools& tools) : tools_(tools) {}
  Outcome perform(const Job& job, const Claim& claim, std::stop_token stop) override;

 private:
  const Tools& tools_;
};

NewJob reconcile_job(Time due);

}  // namespace slipway::work
