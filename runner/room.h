#pragma once

#include "core/sandbox.h"
#include "runner/cgroup.h"
#include "runner/walls.h"

#include <memory>

namespace slipway::runner {

/// The sandbox: a command behind walls, bounded by a control group or by limits per process, from its start
/// until the last of its processes is gone. Any thread.
class Room final : public Sandbox {
 public:
  Room(std::unique_ptr<Walls> walls, std::shared_ptr<const ControlGroups> groups);

  SandboxExit run(const SandboxCommand& command, Output& output, std::stop_token stop) override;
  /// As `run`, hanging together with this process as `ties` say.
  SandboxExit run_tied(const SandboxCommand& command, const Ties& ties, Output& output, std::stop_token stop);
  const SandboxLevel& level() const override { return walls_->level(); }

 private:
  std::unique_ptr<Walls> walls_;
  std::shared_ptr<const ControlGroups> groups_;  // shared with the other rooms that were tried at the start
};

/// The strongest room this machine permits, found by really running a program in each kind.
std::unique_ptr<Room> make_room(const std::string& data_dir);
/// The one without namespaces, whatever the machine permits.
std::unique_ptr<Room> make_unshared_room(const std::string& data_dir);

}  // namespace slipway::runner
