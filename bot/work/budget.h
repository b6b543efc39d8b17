#pragma once

#include "core/clock.h"
#include "core/guarded.h"

#include <chrono>
#include <cstddef>
#include <deque>
#include <map>
#include <string>

namespace slipway::work {

/// What one token may write at a forge (contract.md): below the secondary limits that GitHub puts on content.
inline constexpr std::size_t kWritesAMinute = 60;
inline constexpr std::size_t kWritesAnHour = 400;
/// What is kept for results: progress waits when less than this is left of a minute or an hour.
inline constexpr std::size_t kKeptForResults = 20;
/// Of that, what is kept for results in words: the statuses of many projects must not silence a comment.
inline constexpr std::size_t kKeptForComments = 10;

enum class Urgency { Comment, Status, Progress };

/// Counts the writes per forge. Any thread.
class Budget {
 public:
  /// Zero: the write may happen now, and is counted. Else how long to wait.
  std::chrono::milliseconds take(const std::string& forge, Urgency urgency, Time now);

 private:
  Guarded<std::map<std::string, std::deque<Time>>> writes_;
};

}  // namespace slipway::work
