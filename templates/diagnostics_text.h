#pragma once

#include "core/plan.h"
#include "templates/document.h"

#include <vector>

namespace slipway::templates {

/// Terraform's complaints with file, line, source line and detail, as one fence.
Fence diagnostics_fence(const std::vector<Diagnostic>& diagnostics);

/// Warnings in one line each.
Blocks warnings_section(const std::vector<Diagnostic>& warnings);

}  // namespace slipway::templates
