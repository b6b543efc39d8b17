#include "bot/work/budget.h"

#include <algorithm>

namespace slipway::work {
namespace {

using namespace std::chrono_literals;

/// How long until fewer than `limit` writes lie within `window`.
std::chrono::milliseconds until_below(const std::deque<Time>& writes, std::size_t limit,
                                      std::chrono::milliseconds window, Time now) {
  if (writes.size() < limit) return 0ms;
  const Time decisive = writes[writes.size() - limit];
  return std::max(0ms, std::chrono::duration_cast<std::chrono::milliseconds>(decisive + window - now));
}

std::size_t kept_from(Urgency urgency) {
  switch (urgency) {
    case Urgency::Comment:
      return 0;
    case Urgency::Status:
      return kKeptForComments;
    case Urgency::Progress:
      return kKeptForResults;
  }
  return kKeptForResults;
}

}  // namespace

std::chrono::milliseconds Budget::take(const std::string& forge, Urgency urgency, Time now) {
  return writes_.with([&](auto& forges) {
    auto& writes = forges[forge];
    while (!writes.empty() && writes.front() + 1h <= now) writes.pop_front();
    const std::size_t kept = kept_from(urgency);
    const auto wait = std::max(until_below(writes, kWritesAMinute - kept, 1min, now),
                               until_below(writes, kWritesAnHour - kept, 1h, now));
    if (wait == 0ms) writes.push_back(now);
    return wait;
  });
}

}  // namespace slipway::work
