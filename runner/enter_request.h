#pragma once

#include "core/json.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace slipway::runner {

/// Limits that the kernel keeps per process. 0 is none.
struct ProcessLimits {
  std::uint64_t address_space = 0;  // bytes
  std::uint64_t cpu_seconds = 0;
  std::uint64_t file_size = 0;  // bytes, of one file
  std::uint64_t open_files = 0;
  std::uint64_t processes = 0;  // of the user, in his user namespace
};

/// What Landlock leaves of the disk where there is no mount namespace.
struct VisiblePaths {
  std::vector<std::string> read;   // and execute
  std::vector<std::string> write;  // and read, and execute
};

/// What `slipway internal enter` does to itself before it becomes the command. It is passed as a file in
/// memory: the environment may hold credentials, and a command line is for everybody to read.
struct EnterRequest {
  std::string program;  // absolute path; empty: the child of this program that argv names
  std::vector<std::string> argv;
  std::map<std::string, std::string> environment;
  std::string directory = "/";
  ProcessLimits limits;
  std::optional<std::uint32_t> become;  // user and group id; needs CAP_SETUID and CAP_SETGID
  std::optional<VisiblePaths> visible;  // nothing: a mount namespace sees to it
  std::vector<int> groups;              // descriptors: writing "0" to one puts this process into its group
  bool report = false;                  // say "here I am" at kReportFd, and wait for the answer
  bool supervise =
      false;  // stay as the parent of all the command's processes, and end them when asked or when it ends
  std::int64_t parent =
      0;  // of a supervisor: ends everything when this process, its parent, is gone; 0: doesn't

  Json to_json() const;
  /// Throws JsonMismatch: only this program writes one.
  static EnterRequest from_json(const Json& json);
};

}  // namespace slipway::runner
