#include "bot/change/decide.h"

#include "bot/change/commanded.h"
#include "bot/change/steps.h"

namespace slipway::change {

Decision decide(const Situation& situation, const Event& event, Random& random) {
  Draft draft(situation, random);
  std::visit([&](const auto& happened) { on(draft, happened); }, event);
  return std::move(draft).finish();
}

}  // namespace slipway::change
