#pragma once

#include "core/query.h"

namespace slipway::work {

/// Answers the one mapping that these tests need, as its jq program would: a machine has its resource's name.
class NameQuery final : public Query {
 public:
  Result<std::vector<std::vector<Json>>> run(const std::string& program, const std::vector<Json>& inputs,
                                             std::stop_token stop) override;
};

}  // namespace slipway::work
