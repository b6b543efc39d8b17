#include "tests/simulation/model.h"

#include <algorithm>

namespace slipway::simulation {

bool Model::shown_by(std::int64_t pull, const PlanId& plan, Time by) const {
  return std::any_of(shown.begin(), shown.end(),
                     [&](const Shown& one) { return one.pull == pull && one.plan == plan && one.at <= by; });
}

const Model::Merge* Model::merge_of(std::int64_t pull) const {
  const auto found =
      std::find_if(merges.begin(), merges.end(), [&](const Merge& merge) { return merge.pull == pull; });
  return found == merges.end() ? nullptr : &*found;
}

}  // namespace slipway::simulation
