#include "core/failure.h"
#include "core/log.h"
#include "runner/bubblewrap.h"
#include "runner/landlock.h"
#include "runner/room.h"
#include "runner/runner.h"
#include "runner/unshared.h"

#include <fmt/format.h>
#include <unistd.h>

#include <array>

namespace slipway::runner {
namespace {

constexpr std::string_view kNetwork =
    "the network is not filtered: a run reaches whatever the server reaches";
constexpr std::chrono::seconds kProbeTime{10};

class Ignore final : public Output {
 public:
  void out(std::string_view) override {}
  void err(std::string_view) override {}
};

/// Why a program can't run there; empty when it can.
std::string probe(Room& room, bool own_user) {
  SandboxCommand command;
  command.argv = {::access("/usr/bin/true", X_OK) == 0 ? "/usr/bin/true" : "/bin/true"};
  command.limits.wall = kProbeTime;
  command.own_user = own_user;
  try {
    Ignore ignore;
    const SandboxExit exit = room.run(command, ignore, {});
    return exit.ok() ? "" : fmt::format("a trial run ended with exit code {}", exit.code);
  } catch (const Failure& failure) {
    return failure.what();
  }
}

std::string find_bwrap() {
  for (const char* path : {"/usr/bin/bwrap", "/usr/local/bin/bwrap", "/bin/bwrap"}) {
    if (::access(path, X_OK) == 0) return path;
  }
  return {};
}

struct Attempt {
  bool user_namespace;
  bool run_user;
};
/// Strongest first. Root can raise walls without a user namespace, and only then can it hand the run to
/// another user.
constexpr std::array kAsRoot = {Attempt{true, true}, Attempt{false, true}, Attempt{true, false},
                                Attempt{false, false}};
constexpr std::array kAsUser = {Attempt{true, false}};

SandboxLevel walled_level(const Attempt& attempt, const ControlGroups& groups) {
  SandboxLevel level;
  level.mount_namespace = true;
  if (attempt.run_user) level.run_user = kRunUser;
  if (!groups.lacking().empty()) level.lacking.push_back(groups.lacking());
  if (::geteuid() == 0 && !attempt.run_user) {
    level.lacking.emplace_back("runs keep the user root, without its capabilities");
  }
  level.full = level.lacking.empty();
  level.words = level.full
                    ? "full, with the server's network"
                    : "own namespaces, with the server's network and without bounds on a run as a whole";
  level.lacking.emplace_back(kNetwork);
  return level;
}

SandboxLevel unshared_level(const ControlGroups& groups, const std::string& why) {
  const bool hides_paths = landlock_version() >= kLandlockPaths;
  SandboxLevel level;
  level.words = hides_paths ? "no namespaces: runs share the server's processes and network"
                            : "no namespaces: runs share the server's disk, processes and network";
  level.lacking.push_back("no namespaces: " + why);
  if (!hides_paths) {
    level.lacking.emplace_back(
        "no Landlock (Linux 6.2): a run can read every file that the server's user can read, its key among "
        "them");
  }
  if (landlock_version() < kLandlockScopes) {
    level.lacking.emplace_back(
        "no Landlock scopes (Linux 6.12): a run can send signals to the server's processes");
  }
  if (!groups.lacking().empty()) level.lacking.push_back(groups.lacking());
  level.lacking.emplace_back(kNetwork);
  return level;
}

std::unique_ptr<Room> try_bubblewrap(const std::string& data_dir,
                                     const std::shared_ptr<const ControlGroups>& groups, std::string& why) {
  const std::string program = find_bwrap();
  if (program.empty()) {
    why = "bubblewrap (bwrap) is not installed";
    return nullptr;
  }
  const auto attempt = [&](const Attempt& how) -> std::unique_ptr<Room> {
    Bubblewrap::Options options{program, data_dir, how.user_namespace, how.run_user};
    auto room =
        std::make_unique<Room>(std::make_unique<Bubblewrap>(options, walled_level(how, *groups)), groups);
    std::string reason = probe(*room, false);
    if (reason.empty() && how.run_user) reason = probe(*room, true);
    if (reason.empty()) return room;
    why = std::move(reason);
    return nullptr;
  };
  if (::geteuid() != 0) return attempt(kAsUser.front());
  for (const auto& how : kAsRoot) {
    if (auto room = attempt(how)) return room;
  }
  return nullptr;
}

}  // namespace

std::unique_ptr<Room> make_room(const std::string& data_dir) {
  auto groups = std::make_shared<const ControlGroups>();
  std::string why;
  if (auto room = try_bubblewrap(data_dir, groups, why)) return room;
  return std::make_unique<Room>(std::make_unique<Unshared>(data_dir, unshared_level(*groups, why)), groups);
}

std::unique_ptr<Room> make_unshared_room(const std::string& data_dir) {
  auto groups = std::make_shared<const ControlGroups>();
  auto walls = std::make_unique<Unshared>(data_dir, unshared_level(*groups, "they are not asked for"));
  return std::make_unique<Room>(std::move(walls), groups);
}

std::unique_ptr<Sandbox> make_sandbox(const std::string& data_dir) {
  auto room = make_room(data_dir);
  log::info("the sandbox is " + room->level().words);
  for (const auto& sentence : room->level().lacking) log::warning("sandbox: " + sentence);
  return room;
}

}  // namespace slipway::runner
