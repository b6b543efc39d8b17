#pragma once

#include <string>
#include <string_view>

namespace slipway::runner {

/// What an errored.tfstate is to the state that is kept where it belongs.
struct Fit {
  bool is_there = false;  // the same resources and outputs are kept: it was pushed before
  std::string refusal;    // why it may not take its place; empty: it may
};

/// Both as JSON of a state; `kept` is empty where there is none. By Terraform's own rules: a lineage must be
/// the same, where there is one, and a serial larger. A state that is pushed to where none was gets a lineage
/// of its own.
Fit fit(std::string_view left, std::string_view kept);

}  // namespace slipway::runner
