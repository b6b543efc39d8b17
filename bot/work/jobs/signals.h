#pragma once

#include "bot/work/step.h"

namespace slipway::work {

/// 👀 and the like. What a forge lacks costs nothing but itself.
class React final : public Step {
 public:
  explicit React(const Tools& tools) : tools_(tools) {}
  Outcome perform(const Job& job, const Claim& claim, std::stop_token stop) override;
  Outcome give_up(const Job& job, const std::string& why) override;

 private:
  const Tools& tools_;
};

/// The commit statuses of contract.md, those that differ from what was said last.
class SetStatuses final : public Step {
 public:
  explicit SetStatuses(const Tools& tools) : tools_(tools) {}
  Outcome perform(const Job& job, const Claim& claim, std::stop_token stop) override;
  /// Old ones may stand over newer ones: they are set once more.
  void came_late(const Job& job) override;

 private:
  const Tools& tools_;
};

}  // namespace slipway::work
