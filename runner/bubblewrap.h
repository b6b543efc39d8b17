#pragma once

#include "runner/settings_view.h"
#include "runner/walls.h"

#include <string>

namespace slipway::runner {

/// Walls of namespaces, raised by bwrap: a mount namespace that shows the system's programs and libraries,
/// what name resolution and TLS need, and the binds of the command, and nothing else of the server's disk; a
/// /proc, a /tmp, a home and a /dev of its own; no capability. The network is the server's.
class Bubblewrap final : public Walls {
 public:
  struct Options {
    std::string program;         // of bwrap
    std::string data_dir;        // keeps what runs see of /etc
    bool user_namespace = true;  // root may not need one
    bool run_user = false;       // this process is root and may hand runs to kRunUser
  };
  Bubblewrap(Options options, SandboxLevel level);

  Enclosed enclose(const SandboxCommand& command, const Ties& ties) const override;
  void pull_down(const Process& outer, int parent_pidfd) const noexcept override;
  const SandboxLevel& level() const override { return level_; }

 private:
  std::vector<std::string> arguments(const SandboxCommand& command, const Ties& ties) const;
  bool drops_root(const SandboxCommand& command) const { return options_.run_user && command.own_user; }

  Options options_;
  SandboxLevel level_;
  SettingsViews settings_;
};

}  // namespace slipway::runner
