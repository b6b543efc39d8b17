#pragma once

#include "core/plan.h"
#include "templates/document.h"

#include <vector>

namespace slipway::templates {

/// The changes of a plan as lines, from its values and never from Terraform's text: resources (what is
/// destroyed first, then by address), then outputs. Sensitive values never get here (core/plan_value.h).
std::vector<Line> printed_changes(const Plan& plan);

/// What changed outside of Terraform, in the same look.
std::vector<Line> printed_drift(const Plan& plan);

/// One resource: its header, then its attributes when the plan kept them.
void print_change(const ResourceChange& change, std::vector<Line>& out);
/// Its header alone.
Line change_header(const ResourceChange& change);

void print_outputs(const std::vector<OutputChange>& outputs, std::vector<Line>& out);

}  // namespace slipway::templates
