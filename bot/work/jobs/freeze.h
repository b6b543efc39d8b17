#pragma once

#include "bot/work/step.h"

namespace slipway::work {

/// More waiting changes than this are told at the next occasion only.
inline constexpr std::size_t kMaxTold = 10'000;

/// A freeze began, changed or ended: whatever is in a queue is looked at again, and every comment and status
/// of what is not through says how it is now. Comes again by itself when the next freeze ends.
class TellFreezes final : public Step {
 public:
  explicit TellFreezes(const Tools& tools) : tools_(tools) {}
  Outcome perform(const Job& job, const Claim& claim, std::stop_token stop) override;

 private:
  const Tools& tools_;
};

/// What withheld a change may have ended: its queue advances if it may.
class Advance final : public Step {
 public:
  explicit Advance(const Tools&) {}
  Outcome perform(const Job& job, const Claim& claim, std::stop_token stop) override;
};

NewJob tell_freezes_job(Time due);
NewJob advance_job(const ChangeId& change, Time due);
/// Whatever is in a queue goes on if it may.
void look_at_queues(store::Transaction& rows, Time now);

}  // namespace slipway::work
