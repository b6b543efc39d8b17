#pragma once

#include "templates/message.h"

#include <string>
#include <vector>

namespace slipway::templates {

inline constexpr std::string_view kPlanContext = "slipway/plan";
inline constexpr std::string_view kPolicyContext = "slipway/policy";
inline constexpr std::string_view kApplyContext = "slipway/apply";

/// With more projects than this the sum has to do.
inline constexpr std::size_t kMaxProjectStatuses = 10;

enum class StatusLook { Pending, Success, Failure, Error };

/// A commit status as contract.md promises it: its description fits the forge's limit.
struct StatusShown {
  std::string context;
  StatusLook look = StatusLook::Pending;
  StatusText text;
};

/// Plan, policy and apply in sum, then one plan a project. All three are there in every state of a pull
/// request, so that each can be required.
std::vector<StatusShown> statuses(const PullReport& report, const Traits& traits);

/// The three on a merge queue's commit, which merges by them: what is applied in the queue is a success when
/// it was applied for that very commit, and nothing waits there for a person, since the queue would wait with
/// it.
std::vector<StatusShown> group_statuses(const PullReport& report, const Traits& traits);

}  // namespace slipway::templates
