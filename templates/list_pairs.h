#pragma once

#include "core/plan_value.h"

#include <optional>
#include <vector>

namespace slipway::templates {

/// An element of a list before and after: one of them alone was removed or added.
struct ElementPair {
  std::optional<std::size_t> before;
  std::optional<std::size_t> after;
};

/// Which elements of two lists are the same thing. Terraform's sets come as sorted lists, so a place means
/// little: equal elements are paired first, then objects that share a name or most of what they hold. Where a
/// part is sensitive, by place: what would be compared must not decide what is shown.
std::vector<ElementPair> paired_elements(const PlanValue::List& before, const PlanValue::List& after);

/// The member that names an object ("name", "id", …), if both have the same; empty when there is none.
std::string_view shared_name(const PlanValue::Map& before, const PlanValue::Map& after);

}  // namespace slipway::templates
