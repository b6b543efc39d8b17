#pragma once

#include <condition_variable>
#include <mutex>
#include <utility>

namespace slipway {

/// A value that several threads share: it is reachable only while its lock is held.
template <class T>
class Guarded {
 public:
  Guarded() = default;
  template <class... Args>
  explicit Guarded(std::in_place_t, Args&&... args) : value_(std::forward<Args>(args)...) {}

  template <class Action>
  decltype(auto) with(Action&& action) {
    const std::lock_guard hold(mutex_);
    return std::forward<Action>(action)(value_);
  }
  template <class Action>
  decltype(auto) with(Action&& action) const {
    const std::lock_guard hold(mutex_);
    return std::forward<Action>(action)(value_);
  }

  /// Changes the value and wakes those who wait for it.
  template <class Action>
  void change(Action&& action) {
    {
      const std::lock_guard hold(mutex_);
      std::forward<Action>(action)(value_);
    }
    changed_.notify_all();
  }

  /// Waits until `ready(value)`, the deadline, or a stop. True when it was ready.
  template <class Deadline, class StopToken, class Ready>
  bool wait_until(Deadline deadline, StopToken stop, Ready&& ready) {
    std::unique_lock hold(mutex_);
    return changed_.wait_until(hold, stop, deadline, [&] { return ready(value_); });
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  T value_{};
};

}  // namespace slipway
