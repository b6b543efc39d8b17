#pragma once

#include <chrono>
#include <functional>
#include <stop_token>

namespace slipway::vcs {

/// Waits between two tries; throws Stopped when a stop is asked for, before or meanwhile. Tests give one that
/// does not wait.
using Pause = std::function<void(std::chrono::milliseconds, std::stop_token)>;

/// By the clock.
void pause(std::chrono::milliseconds time, std::stop_token stop);

}  // namespace slipway::vcs
