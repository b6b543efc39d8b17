#include "state/living.h"

namespace slipway::state {

std::vector<const Instance*> living(const State& state) {
  std::vector<const Instance*> out;
  for (const Instance& instance : state.instances) {
    if (instance.data_source) continue;
    // Sorted by address, then by deposed key, which is empty for the current object: that one comes first.
    if (!out.empty() && out.back()->address == instance.address) continue;
    out.push_back(&instance);
  }
  return out;
}

}  // namespace slipway::state
