#pragma once

#include "core/clock.h"

#include <fmt/format.h>

#include <string>
#include <utility>
#include <vector>

namespace slipway::simulation {

/// The story as a person reads it: one line for every step and every decision, with the simulated time. Off
/// unless somebody asks: most stories end well.
class Trace {
 public:
  Trace(const Clock& clock, bool on) : clock_(clock), begun_(clock.now()), on_(on) {}

  template <class... Args>
  void tell(fmt::format_string<Args...> text, Args&&... args) {
    if (!on_) return;
    const auto seconds = std::chrono::duration<double>(clock_.now() - begun_).count();
    lines_.push_back(fmt::format("{:9.3f}  {}", seconds, fmt::format(text, std::forward<Args>(args)...)));
  }
  const std::vector<std::string>& lines() const { return lines_; }
  bool on() const { return on_; }

 private:
  const Clock& clock_;
  Time begun_;
  bool on_;
  std::vector<std::string> lines_;
};

}  // namespace slipway::simulation
