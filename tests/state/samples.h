#pragma once

#include "state/state.h"

#include <string>
#include <vector>

namespace slipway::state {

/// A managed instance for a small state: "type.name" or "type.name[0]", its attributes, its sensitive paths.
struct SampleInstance {
  std::string address;
  std::string attributes;
  std::string sensitive = "[]";
};
std::string sample(const std::vector<SampleInstance>& instances, int serial = 1);
State sample_state(const std::vector<SampleInstance>& instances, int serial = 1);

/// A file of tests/state/data.
std::string file(const std::string& name);

}  // namespace slipway::state
