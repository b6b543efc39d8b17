#pragma once

#include "bot/change/rules.h"
#include "core/change.h"
#include "core/held_pull.h"
#include "core/plan_record.h"

#include <string>
#include <vector>

namespace slipway::change {

/// `requirements:` of the config that an open pull request does not meet, a sentence each: "approved: no
/// review …". What the forge can't tell counts as not met.
std::vector<std::string> unmet(const Rules& rules, const HeldPull& held);

/// Why a merge, or a comment that asks for an apply, approves nothing by itself: a requirement that was not
/// met then, or, where reviews count, a destroy that stood in no plan its reviewers could see. `plans` are
/// all that were made for the change. Empty: nothing lacks.
std::string lacking_requirement(const Rules& rules, const HeldPull& held, const phase::Trigger& trigger,
                                const std::vector<const PlanRecord*>& plans);

}  // namespace slipway::change
