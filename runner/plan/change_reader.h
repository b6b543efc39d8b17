#pragma once

#include "core/json_reader.h"
#include "core/plan.h"
#include "runner/plan/value_reader.h"

#include <vector>

namespace slipway::runner {

/// Parts of plan JSON as the vocabulary has them. They throw JsonMismatch.

/// Of "resource_changes" and "resource_drift", with its body and without a digest.
ResourceChange read_change(const JsonReader& in, const ValueReader& values);
/// Of "output_changes".
OutputChange read_output(const std::string& name, const JsonReader& in, const ValueReader& values);
/// The problems of one of "checks", as warnings; none when it passed.
std::vector<Diagnostic> read_check(const JsonReader& in);

}  // namespace slipway::runner
