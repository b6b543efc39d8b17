#pragma once

#include "core/plan.h"
#include "templates/document.h"

namespace slipway::templates {

/// How a plan differs from one that was shown before, change by change: what is new, what is gone, what would
/// now come out otherwise.
Blocks plan_difference(const Plan& shown, const Plan& now, const std::string& full_url);

}  // namespace slipway::templates
