#pragma once

#include "core/approved_plan.h"
#include "core/change.h"
#include "core/plan_record.h"

#include <string>
#include <variant>
#include <vector>

namespace slipway::change {

/// Exact, else parity, else ask (design.md §4).
class Gate {
 public:
  /// The saved plan may be applied as it is.
  struct Exact {};
  /// Something it was made from moved: plan again and compare.
  struct Moved {
    std::vector<std::string> what;  // "the configuration", "the state"
  };
  /// Nothing was approved that could be compared with.
  struct Ask {
    std::string why;
  };
  using Answer = std::variant<Exact, Moved, Ask>;

  /// `approved` is the plan that was shown when the apply was asked for; nullptr: none was.
  static Answer judge(const PlanRecord* approved, const phase::Trigger& trigger, const PlanInputs& inputs,
                      Time now);
  /// After planning again: nothing when the new plan does what was approved, else why it must be asked.
  static std::string compare(const PlanRecord* approved, const phase::Trigger& trigger,
                             const PlanRecord& fresh);
  /// Only for a change that stands in Applying with this plan.
  static ApprovedPlan approved(const Change& change, const PlanRecord& record);

  /// A plan counts as shown only if the forge had accepted its comment when the apply was asked for.
  static bool shown_in_time(const PlanRecord& plan, const phase::Trigger& trigger);
};

/// The forge tells times in whole seconds, of its own clock.
inline constexpr std::chrono::seconds kForgeTimeGrain{2};

/// Policies that stand in the way, by name.
std::vector<std::string> blocking(const PlanRecord& plan);

}  // namespace slipway::change
