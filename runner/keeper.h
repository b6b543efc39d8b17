#pragma once

#include "core/sandbox.h"
#include "runner/fd.h"

#include <optional>
#include <stop_token>
#include <string>

namespace slipway::runner {

/// A command that outlives the server, run by a process of its own, the keeper, at most once for a run's
/// directory. All that is known of it stands in that directory:
///
///   alive      locked (flock) by the keeper and by the process that ends last of the command's, until both
///   are gone started    made at the last moment before the command runs: from then on it is never started
///   again output     the command's stdout, written by itself, so that not even the keeper's death disturbs
///   it errors     its stderr interrupt  made by whoever wants it to end: it gets SIGINT, once exit       how
///   it ended, as JSON, whole or not there
///
/// The keeper ignores SIGTERM and SIGHUP; SIGINT or SIGUSR1 interrupt the command as `interrupt` does. A
/// service manager must end the server's main process alone (systemd: KillMode=process).
struct KeptCommand {
  std::string directory;
  std::string data_dir;
  SandboxCommand command;
  bool mount_namespace = false;  // the kind of sandbox that the command's paths are made for
};

/// How it ended.
struct KeptExit {
  SandboxExit exit;
  std::string failure;  // it could not be started: why; it never ran then
};

enum class Kept { NotStarted, Running, Ended, Lost };

/// What is known of the command of this directory. Lost: it was started, and neither it nor its keeper is
/// there any more, nor a word of its end.
Kept kept_state(const std::string& directory);
/// Nothing unless Ended.
std::optional<KeptExit> kept_exit(const std::string& directory);
/// Returns when the keeper has the directory locked. Only when NotStarted. Throws Failure.
void start_keeper(const KeptCommand& kept);
/// Asks it to end.
void interrupt_kept(const std::string& directory);

/// At most so much of the output is kept on disk: what is older is given back while the command runs, and
/// reads as zeros.
inline constexpr std::int64_t kMaxKeptOutput = 256ll << 20;

}  // namespace slipway::runner
