#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace slipway {

/// A part of the disk that a run sees. Both paths are absolute.
struct Bind {
  std::string host;
  std::string inside;
  bool writable = false;
};

struct SandboxLimits {
  std::chrono::seconds wall{1800};
  std::uint64_t memory = 4ull << 30;  // bytes, of the whole tree of processes
  std::uint32_t processes = 1024;
  std::uint64_t file_size = 8ull << 30;  // bytes, of one file
  std::uint32_t open_files = 4096;
  std::chrono::seconds grace{30};  // between SIGINT and SIGKILL
};

/// One command in a room of its own: argv never a shell, an environment built from nothing.
struct SandboxCommand {
  std::vector<std::string> argv;  // argv[0] is an absolute path inside
  std::map<std::string, std::string> environment;
  std::string directory;  // inside
  std::vector<Bind> binds;
  SandboxLimits limits;
  /// Where the server is root, run it as the level's `run_user`: what it reads is readable to everybody, and
  /// what it writes was given to that user.
  bool own_user = false;
  /// The machine's name inside, where it can have one of its own: what locks a state leaves it there.
  std::string host = "slipway";
};

struct SandboxExit {
  int code = -1;   // exit code; -1 when it ended by a signal
  int signal = 0;  // 0 when it exited
  bool timed_out = false;
  bool stopped = false;        // it was asked to stop, and did
  bool out_of_memory = false;  // the limit on memory was reached
  bool ok() const { return code == 0; }
};

/// Hears what a command prints, on the thread that called `run`.
class Output {
 public:
  virtual ~Output() = default;
  virtual void out(std::string_view bytes) = 0;
  virtual void err(std::string_view bytes) = 0;
};

/// How much a run is kept apart on this machine. It degrades loudly: `words` goes into the comment and
/// doctor's answer.
struct SandboxLevel {
  bool mount_namespace = false;  // binds map paths; without it `inside` must equal `host`
  bool full = false;
  std::optional<std::uint32_t> run_user;  // set where the server is root and a run needn't be
  std::string words;                 // "full", "no namespaces: processes share the server's disk view", …
  std::vector<std::string> lacking;  // what is missing and why, a sentence each
};

/// Any thread. Throws Failure when the command can't be started.
class Sandbox {
 public:
  virtual ~Sandbox() = default;
  /// Returns when the command and every process it started are gone. A stop sends SIGINT, waits limits.grace,
  /// kills.
  virtual SandboxExit run(const SandboxCommand& command, Output& output, std::stop_token stop) = 0;
  virtual const SandboxLevel& level() const = 0;
};

}  // namespace slipway
