#pragma once

#include "core/guarded.h"

#include <map>
#include <string>

namespace slipway::web {

/// Counts of what deliveries met, by outcome: for /metrics. Any thread.
class Tally {
 public:
  void count(const std::string& outcome) {
    counts_.with([&](auto& counts) { ++counts[outcome]; });
  }
  std::map<std::string, std::uint64_t> counts() const {
    return counts_.with([](const auto& counts) { return counts; });
  }

 private:
  Guarded<std::map<std::string, std::uint64_t>> counts_;
};

}  // namespace slipway::web
