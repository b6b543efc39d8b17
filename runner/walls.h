#pragma once

#include "core/sandbox.h"
#include "runner/enter_request.h"
#include "runner/process.h"

#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace slipway::runner {

/// User and group of a run where the server is root: no account has it (systemd leaves 60578 to 61183
/// unused).
inline constexpr std::uint32_t kRunUser = 60804;

/// A run's home, where paths can be mapped.
inline constexpr std::string_view kHome = "/home/slipway";

/// How a run hangs together with this process.
struct Ties {
  bool dies_with_us = true;
  int kept = -1;  // held open, out of the command's reach, until the last process of the run is gone
  int out = -1;   // the command's stdout and stderr, instead of an Output
  int err = -1;
  std::function<void()> about_to_run;  // all is ready; what it throws keeps the command from running
};

/// A command, ready to be started behind its walls.
struct Enclosed {
  Spawn spawn;          // the outermost process, without descriptors
  EnterRequest enter;   // what the innermost one does before it becomes the command
  std::string scratch;  // a directory of this run, removed after it; empty: none
};

/// What keeps a run apart from the server and from other runs. Any thread.
class Walls {
 public:
  virtual ~Walls() = default;
  virtual Enclosed enclose(const SandboxCommand& command, const Ties& ties) const = 0;
  /// Ends every process of a run whose outermost one is `outer` and whose command has the parent `parent`.
  virtual void pull_down(const Process& outer, int parent_pidfd) const noexcept = 0;
  virtual const SandboxLevel& level() const = 0;
};

}  // namespace slipway::runner
