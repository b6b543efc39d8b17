#pragma once

#include "core/guarded.h"

#include <chrono>
#include <cstdint>
#include <map>
#include <stop_token>
#include <thread>

namespace slipway::store {

/// Wakes those who wait for work. A ring between a thread's last look and its wait is not lost: each thread
/// waits for the first ring after its own last return from `wait`. Any thread.
class WorkBell {
 public:
  void ring();
  /// True when it rang; false at the deadline or a stop. A thread's first wait returns at once.
  bool wait(std::chrono::milliseconds at_most, std::stop_token stop);

 private:
  struct Rings {
    std::uint64_t count = 1;
    std::map<std::thread::id, std::uint64_t>
        heard;  // as many as there were threads at a time: ids come again
  };
  Guarded<Rings> rings_;
};

/// A store's: each delivery wakes the one who takes it in, and not all who wait for jobs.
struct WorkBells {
  WorkBell jobs;
  WorkBell deliveries;
};

}  // namespace slipway::store
