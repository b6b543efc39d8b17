#pragma once

#include "core/approved_plan.h"
#include "core/change.h"
#include "core/plan_record.h"

#include <string>
#include <variant>
#include <vector>

namespace slipway::change {

/// An apply that was asked for, by a merge or a comment. What its plan does is approved by that, if the plan
/// could be seen, and goes through without another word.
struct Asked {
  const phase::Trigger& trigger;
  const PlanRecord* plan = nullptr;  // that was shown when it was asked for; nullptr: none was
};

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

  /// Why nothing is approved by this; empty: its plan is.
  static std::string lacking(const Asked& asked);
  static Answer judge(const Asked& asked, const PlanInputs& inputs, Time now);
  /// After planning again: nothing when the new plan does what all of these together approved or less, else
  /// why it must be asked. The first leads: its files are the ones that were planned.
  static std::string compare(const std::vector<Asked>& group, const PlanRecord& fresh, Time now);
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
