#pragma once

#include <chrono>
#include <string>

namespace slipway {

/// UTC with milliseconds: what rows and messages carry.
using Time = std::chrono::time_point<std::chrono::system_clock, std::chrono::milliseconds>;

class Clock {
 public:
  virtual ~Clock() = default;
  virtual Time now() const = 0;
};

class SystemClock final : public Clock {
 public:
  Time now() const override;
};

std::int64_t to_millis(Time time);
Time from_millis(std::int64_t millis);
/// 2026-11-22T12:53:00.123Z (RFC 3339).
std::string to_rfc3339(Time time);

}  // namespace slipway
