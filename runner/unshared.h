#pragma once

#include "runner/walls.h"

#include <string>

namespace slipway::runner {

/// What is left where namespaces are not permitted: an environment built from nothing, a home and a temporary
/// directory of the run's own, limits, the filter of system calls, Landlock's view of the disk where the
/// kernel has it, and a parent to whom every process of the run returns, so that none outlives it. Paths
/// can't be mapped: binds name one path twice.
class Unshared final : public Walls {
 public:
  Unshared(std::string data_dir, SandboxLevel level);

  Enclosed enclose(const SandboxCommand& command, const Ties& ties) const override;
  void pull_down(const Process& outer, int parent_pidfd) const noexcept override;
  const SandboxLevel& level() const override { return level_; }

 private:
  std::string data_dir_;
  SandboxLevel level_;
};

}  // namespace slipway::runner
