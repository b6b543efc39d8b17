#pragma once

#include "core/guarded.h"

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <thread>

namespace slipway::store {

/// Who may use the writer: first come, first served, so that nobody starves behind the webhooks. Any thread.
/// Throws std::logic_error when a thread that has the turn waits for another: it would wait for itself.
class Turns {
 public:
  /// Ends with its scope.
  class Turn {
   public:
    explicit Turn(Turns& turns) : turns_(&turns) {}
    Turn(Turn&& other) noexcept : turns_(other.turns_) { other.turns_ = nullptr; }
    Turn& operator=(Turn&&) = delete;
    ~Turn() {
      if (turns_ != nullptr) turns_->pass_on();
    }

   private:
    Turns* turns_;
  };

  Turn wait();
  /// Nothing when it would take longer.
  std::optional<Turn> wait(std::chrono::milliseconds at_most);
  /// How many stand in line behind the one who has the turn.
  std::size_t waiting() const;

 private:
  struct Line {
    std::uint64_t next = 0;
    std::deque<std::uint64_t> tickets;  // the first has the turn
    std::thread::id holder;             // of it
  };
  void pass_on();

  Guarded<Line> line_;
};

}  // namespace slipway::store
