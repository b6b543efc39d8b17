#pragma once

#include "core/sandbox.h"
#include "runner/files.h"
#include "runner/landlock.h"
#include "runner/room.h"

#include <memory>
#include <string>
#include <vector>

namespace slipway::runner {

/// A directory for one test, removed after it.
class Scratch {
 public:
  Scratch() : path_(make_temporary_directory("/tmp/slipway-test-")) {}
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  ~Scratch() { remove_tree(path_); }
  const std::string& path() const { return path_; }
  std::string operator/(std::string_view name) const { return path_ + "/" + std::string(name); }

 private:
  std::string path_;
};

/// What this machine permits, and what is left where it permits nothing: `which` is "walled" or "unshared".
inline std::unique_ptr<Room> make_room_of(const std::string& which, const std::string& data_dir) {
  return which == "walled" ? make_room(data_dir) : make_unshared_room(data_dir);
}

struct Heard final : Output {
  void out(std::string_view bytes) override { stdout_text += bytes; }
  void err(std::string_view bytes) override { stderr_text += bytes; }
  std::string stdout_text;
  std::string stderr_text;
};

inline SandboxCommand shell(const std::string& script) {
  SandboxCommand command;
  command.argv = {"/bin/sh", "-c", script};
  command.limits.wall = std::chrono::seconds(60);
  command.limits.grace = std::chrono::seconds(1);
  return command;
}

}  // namespace slipway::runner
