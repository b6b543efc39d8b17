#include "core/clock.h"

#include <fmt/chrono.h>

namespace slipway {

Time SystemClock::now() const {
  return std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

std::int64_t to_millis(Time time) { return time.time_since_epoch().count(); }

Time from_millis(std::int64_t millis) { return Time(std::chrono::milliseconds(millis)); }

std::string to_rfc3339(Time time) {
  const auto millis = to_millis(time);
  const std::time_t seconds = millis / 1000;
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z", fmt::gmtime(seconds), millis % 1000);
}

}  // namespace slipway
