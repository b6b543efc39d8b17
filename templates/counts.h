#pragma once

#include "core/plan.h"

#include <string>

namespace slipway::templates {

/// Numbers with nouns: "2 to add, 1 to change, 1 output"; "no changes" when there are none.
std::string to_do(const PlanCounts& counts);
/// What an apply did: "2 added, 1 destroyed"; "nothing".
std::string done(const PlanCounts& counts);
/// For a narrow cell: "+1 ~2 −1 ±1".
std::string in_signs(const PlanCounts& counts);

}  // namespace slipway::templates
