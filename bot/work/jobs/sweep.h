#pragma once

#include "bot/work/step.h"
#include "core/function_ref.h"

namespace slipway::work {

inline constexpr std::chrono::hours kSweepInterval{1};
inline constexpr std::chrono::hours kDeliveryBodiesKept{24 * 14};
inline constexpr std::chrono::hours kDeliveryIdsKept{24 * 90};
inline constexpr std::chrono::hours kLogsKept{24 * 90};
inline constexpr std::chrono::hours kPlansKept{24 * 30};

/// Forgets what has been kept long enough, and run directories that a crash left behind. Puts itself in
/// again.
class Sweep final : public Step {
 public:
  explicit Sweep(const Tools& tools) : tools_(tools) {}
  Outcome perform(const Job& job, const Claim& claim, std::stop_token stop) override;
  Outcome give_up(const Job& job, const std::string& why) override;

 private:
  void clear_ended_runs();
  void until_nothing_is_left(std::stop_token stop, FunctionRef<std::size_t(store::Transaction&)> forget);
  void shed_plans(Time before, std::stop_token stop);

  const Tools& tools_;
};

NewJob sweep_job(Time due);

}  // namespace slipway::work
