#include "runner/unshared.h"

#include "core/failure.h"
#include "runner/files.h"
#include "runner/landlock.h"
#include "runner/self.h"
#include "runner/system_paths.h"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <filesystem>

namespace slipway::runner {
namespace {

namespace fs = std::filesystem;

constexpr std::array kDevicesRead = {"/dev/urandom", "/dev/random"};
constexpr std::array kDevicesWritten = {"/dev/null", "/dev/zero", "/dev/full", "/dev/shm"};

VisiblePaths visible_paths(const SandboxCommand& command, const std::string& scratch) {
  VisiblePaths visible;
  visible.read.assign(kSystemDirectories.begin(), kSystemDirectories.end());
  visible.read.insert(visible.read.end(), kSettingFiles.begin(), kSettingFiles.end());
  visible.read.insert(visible.read.end(), kSettingDirectories.begin(), kSettingDirectories.end());
  visible.read.insert(visible.read.end(), {"/etc/passwd", "/etc/group"});
  visible.read.insert(visible.read.end(), kDevicesRead.begin(), kDevicesRead.end());
  visible.write.assign(kDevicesWritten.begin(), kDevicesWritten.end());
  visible.write.push_back(scratch);
  for (const auto& bind : command.binds) (bind.writable ? visible.write : visible.read).push_back(bind.host);
  return visible;
}

}  // namespace

Unshared::Unshared(std::string data_dir, SandboxLevel level)
    : data_dir_(std::move(data_dir)), level_(std::move(level)) {
  make_directories(data_dir_ + "/sandbox");
}

Enclosed Unshared::enclose(const SandboxCommand& command, const Ties& ties) const {
  for (const auto& bind : command.binds) {
    if (bind.host == bind.inside) continue;
    throw Failure(fmt::format("{} can't be shown as {}: this machine permits no mount namespace", bind.host,
                              bind.inside));
  }
  Enclosed enclosed;
  enclosed.scratch = make_temporary_directory(data_dir_ + "/sandbox/run-");
  fs::create_directory(enclosed.scratch + "/home");
  fs::create_directory(enclosed.scratch + "/tmp");

  enclosed.spawn.program = passed_self();
  enclosed.spawn.argv = internal_argv("enter");
  enclosed.spawn.own_session = true;

  EnterRequest& enter = enclosed.enter;
  enter.program = command.argv.front();
  enter.argv = command.argv;
  enter.environment = command.environment;
  enter.environment.try_emplace("HOME", enclosed.scratch + "/home");
  enter.environment.try_emplace("TMPDIR", enclosed.scratch + "/tmp");
  enter.environment.try_emplace("PATH", kSystemPath);
  enter.directory = command.directory.empty() ? "/" : command.directory;
  enter.report = true;
  enter.supervise = true;
  if (ties.dies_with_us) enter.parent = ::getpid();
  if (landlock_version() > 0) enter.visible = visible_paths(command, enclosed.scratch);
  return enclosed;
}

void Unshared::pull_down(const Process& outer, int) const noexcept {
  // The supervisor ends all that came from the command, and then itself.
  outer.signal(SIGTERM);
}

}  // namespace slipway::runner
