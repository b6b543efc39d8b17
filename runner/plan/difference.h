#pragma once

#include "core/plan_value.h"
#include "runner/plan/attribute_path.h"

#include <optional>
#include <vector>

namespace slipway::runner {

/// Where two values differ, as deep as they have the same shape.
struct AttributeDifference {
  AttributePath path;
  std::optional<PlanValue> before;  // nothing: there is no such member or item
  std::optional<PlanValue> after;
};

/// Parts that are unknown afterwards differ, whatever they were.
std::vector<AttributeDifference> differences(const PlanValue& before, const PlanValue& after);

bool holds_unknown(const PlanValue& value);

}  // namespace slipway::runner
