#pragma once

#include "core/verdict.h"
#include "templates/document.h"

#include <string>
#include <vector>

namespace slipway::templates {

/// The cell: "⛔ 1 denied", "✅ 14 passed", "–" when nothing was asked.
Inline policy_cell(const std::vector<Verdict>& verdicts);

/// What each policy that did not simply pass says, who may override it, and with which words.
Blocks policy_section(const std::vector<Verdict>& verdicts, const std::string& command);

}  // namespace slipway::templates
