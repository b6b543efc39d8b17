#include "store/work_bell.h"

#include <utility>

namespace slipway::store {

void WorkBell::ring() {
  rings_.change([](Rings& rings) { ++rings.count; });
}

bool WorkBell::wait(std::chrono::milliseconds at_most, std::stop_token stop) {
  const auto self = std::this_thread::get_id();
  const auto heard = rings_.with([&](Rings& rings) { return rings.heard[self]; });
  const bool rang = rings_.wait_until(std::chrono::steady_clock::now() + at_most, std::move(stop),
                                      [&](const Rings& rings) { return rings.count != heard; });
  if (rang) {
    rings_.with([&](Rings& rings) { rings.heard[self] = rings.count; });
  }
  return rang;
}

}  // namespace slipway::store
