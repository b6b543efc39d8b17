#include "vcs/pause.h"

#include "core/failure.h"
#include "core/guarded.h"

namespace slipway::vcs {

void pause(std::chrono::milliseconds time, std::stop_token stop) {
  if (stop.stop_requested()) throw Stopped();
  Guarded<bool> never;
  never.wait_until(std::chrono::steady_clock::now() + time, stop, [](bool over) { return over; });
  if (stop.stop_requested()) throw Stopped();
}

}  // namespace slipway::vcs
