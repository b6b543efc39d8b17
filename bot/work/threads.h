#pragma once

#include "bot/work/worker.h"

#include <thread>
#include <vector>

namespace slipway::work {

inline constexpr std::size_t kQuickThreads = 4;
inline constexpr std::size_t kFetchThreads = 4;
inline constexpr std::size_t kHookThreads = 2;
inline constexpr std::chrono::seconds kIdleWait{30};
/// A command at the server's host (`slipway thaw`, `slipway replay`) adds its job from another process, which
/// wakes nobody here: it is found after this long.
inline constexpr std::chrono::seconds kVisitorsWait{5};
/// After an apply was asked to end, it is waited for this long.
inline constexpr std::chrono::seconds kInterruptWait{30};

/// The threads of a server: some for each pace (`workers` for Terraform), one that takes in deliveries, one
/// that beats the hearts. The first thing they do is to free what a dead process held.
class Threads {
 public:
  explicit Threads(const Tools& tools);
  ~Threads();
  Threads(const Threads&) = delete;
  Threads& operator=(const Threads&) = delete;

  /// Plans stop at once and are made again by the next start. Applies go on until they end; at `grace` each
  /// is asked once to end (SIGINT). What still runs then is left to its keeper.
  void shut_down(std::chrono::seconds grace);

 private:
  std::size_t count_of(Pace pace) const;
  void run(Pace pace, const Stops& stops);
  void take_in(std::stop_token stop);
  void beat(std::stop_token stop);
  std::chrono::milliseconds idle(Pace pace) const;

  const Tools& tools_;
  Steps steps_;
  Held held_;
  Worker worker_;
  std::stop_source soon_;
  std::stop_source late_;
  std::vector<std::jthread> threads_;
};

}  // namespace slipway::work
