#pragma once

#include "core/json.h"
#include "core/result.h"

#include <stop_token>
#include <string>
#include <vector>

namespace slipway {

/// A jq program over one JSON value. It runs where it can neither read files nor the environment, in bounded
/// time and memory. Any thread. Error is the program's own: it doesn't compile, it failed, it ran too long.
class Query {
 public:
  virtual ~Query() = default;
  /// Everything the program yields for each input, in the order of the inputs.
  virtual Result<std::vector<std::vector<Json>>> run(const std::string& program,
                                                     const std::vector<Json>& inputs,
                                                     std::stop_token stop) = 0;
};

}  // namespace slipway
