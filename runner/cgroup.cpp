#include "runner/cgroup.h"

#include "core/failure.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace slipway::runner {
namespace {

namespace fs = std::filesystem;

std::string read_text(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// The kernel takes a setting in one write, and refuses it there.
bool write_text(const std::string& path, std::string_view text) {
  std::ofstream file(path);
  file << text << std::flush;
  return file.good();
}

bool has_word(const std::string& text, std::string_view word) {
  std::istringstream words(text);
  for (std::string each; words >> each;) {
    if (each == word) return true;
  }
  return false;
}

/// Where a hierarchy is mounted: /proc/self/mountinfo's fifth field, for a file system type and a mount
/// option.
std::string mount_point(std::string_view type, std::string_view option) {
  std::ifstream mounts("/proc/self/mountinfo");
  for (std::string line; std::getline(mounts, line);) {
    const std::size_t dash = line.find(" - ");
    if (dash == std::string::npos) continue;
    std::istringstream head(line.substr(0, dash));
    std::istringstream tail(line.substr(dash + 3));
    std::string field, point, kind, source, options;
    for (int i = 0; i < 5; ++i) head >> (i == 4 ? point : field);
    tail >> kind >> source >> options;
    if (kind != type) continue;
    if (option.empty() || ("," + options + ",").find(fmt::format(",{},", option)) != std::string::npos)
      return point;
  }
  return {};
}

/// This process' group in a hierarchy: /proc/self/cgroup's third field. Version 2 has no controllers' names
/// there.
std::string own_group(std::string_view controller) {
  std::ifstream groups("/proc/self/cgroup");
  for (std::string line; std::getline(groups, line);) {
    const std::size_t first = line.find(':');
    const std::size_t second = line.find(':', first + 1);
    if (second == std::string::npos) continue;
    const std::string names = "," + line.substr(first + 1, second - first - 1) + ",";
    if (controller.empty() ? names == ",,"
                           : names.find(fmt::format(",{},", controller)) != std::string::npos) {
      return line.substr(second + 1);
    }
  }
  return {};
}

bool usable(const std::string& directory) {
  std::error_code error;
  fs::create_directories(directory, error);
  return !error && ::access(directory.c_str(), W_OK) == 0;
}

/// Groups are named after the process that made them. One that is gone could not remove its own; those that
/// are still in use refuse.
void sweep(const std::string& directory) {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(directory, error)) {
    const long maker = std::strtol(entry.path().filename().c_str(), nullptr, 10);
    if (maker > 0 && ::kill(static_cast<pid_t>(maker), 0) != 0 && errno == ESRCH)
      ::rmdir(entry.path().c_str());
  }
}

}  // namespace

ControlGroups::ControlGroups() {
  if (!find_version_2() && !find_version_1()) {
    lacking_ =
        "no control groups that this user may use: memory is bounded for each process and not for a run as a "
        "whole "
        "(as root, or with Delegate=yes and DelegateSubgroup= in the systemd unit, they can be used)";
    return;
  }
  sweep(memory_);
  if (processes_ != memory_) sweep(processes_);
}

bool ControlGroups::find_version_2() {
  const std::string root = mount_point("cgroup2", "");
  const std::string own = own_group("");
  if (root.empty() || own.empty()) return false;
  // Groups with controllers can be made only beside a group of processes, never in it. Root has the top for
  // that, as container engines do; a service has its parent when systemd put it into a subgroup of what it
  // delegated.
  const std::string top = ::geteuid() == 0 || own == "/" ? root : fs::path(root + own).parent_path().string();
  const std::string controllers = read_text(top + "/cgroup.controllers");
  if (!has_word(controllers, "memory") || !has_word(controllers, "pids")) return false;
  const auto enable = [](const std::string& directory) {
    const std::string file = directory + "/cgroup.subtree_control";
    const std::string enabled = read_text(file);
    if (has_word(enabled, "memory") && has_word(enabled, "pids")) return true;
    return write_text(file, "+memory +pids");
  };
  const std::string runs = top + "/slipway-runs";
  if (!enable(top) || !usable(runs) || !enable(runs)) return false;
  version_ = 2;
  memory_ = processes_ = runs;
  return true;
}

bool ControlGroups::find_version_1() {
  const auto find = [](std::string_view controller) {
    const std::string root = mount_point("cgroup", controller);
    if (root.empty()) return std::string();
    // Below this process' own group where that can be seen from here (a container may show only its own
    // part).
    const std::string own = root + own_group(controller);
    std::error_code error;
    const std::string runs =
        fs::path((fs::exists(own, error) ? own : root) + "/slipway-runs").lexically_normal();
    return usable(runs) ? runs : std::string();
  };
  memory_ = find("memory");
  processes_ = find("pids");
  version_ = 1;
  return !memory_.empty() && !processes_.empty();
}

RunGroup ControlGroups::make(std::uint64_t memory, std::uint32_t processes) const {
  RunGroup group;
  if (!lacking_.empty()) return group;
  static std::atomic<unsigned> count{0};
  std::string name;
  // A keeper that was killed leaves the group of a command that goes on, and its number may come again.
  do {
    name = fmt::format("/{}-{}", ::getpid(), count++);
  } while (::access((memory_ + name).c_str(), F_OK) == 0);
  const auto add = [&](const std::string& parent) {
    std::error_code error;
    fs::create_directory(parent + name, error);
    if (error) throw Failure("making a control group: " + error.message(), Retry::Later);
    group.directories_.push_back(parent + name);
    return parent + name;
  };
  const std::string for_memory = add(memory_);
  const std::string for_processes = processes_ == memory_ ? for_memory : add(processes_);
  group.door_ = version_ == 2 ? "/cgroup.procs" : "/tasks";
  if (version_ == 2) {
    group.memory_ = write_text(for_memory + "/memory.max", std::to_string(memory));
    write_text(for_memory + "/memory.swap.max", "0");
    write_text(for_memory + "/memory.oom.group", "1");
  } else {
    group.memory_ = write_text(for_memory + "/memory.limit_in_bytes", std::to_string(memory));
    write_text(for_memory + "/memory.swappiness", "0");
  }
  group.processes_ = write_text(for_processes + "/pids.max", std::to_string(processes));
  return group;
}

RunGroup::RunGroup(RunGroup&& other) noexcept
    : directories_(std::exchange(other.directories_, {})),
      door_(other.door_),
      memory_(other.memory_),
      processes_(other.processes_) {}

RunGroup::~RunGroup() {
  for (const auto& directory : directories_) ::rmdir(directory.c_str());
}

std::vector<Fd> RunGroup::doors() const {
  std::vector<Fd> doors;
  for (const auto& directory : directories_) {
    doors.emplace_back(::open((directory + door_).c_str(), O_WRONLY | O_CLOEXEC));
    if (!doors.back()) throw_errno("opening a control group");
  }
  return doors;
}

void RunGroup::kill() const noexcept {
  if (directories_.empty() || write_text(directories_.front() + "/cgroup.kill", "1")) return;
  // Before Linux 5.14, and in version 1: no new process, and then each that there is, until there is none.
  const std::string& directory = directories_.back();
  write_text(directory + "/pids.max", "0");
  for (;;) {
    std::istringstream processes(read_text(directory + "/cgroup.procs"));
    bool any = false;
    for (pid_t pid = 0; processes >> pid;) any = ::kill(pid, SIGKILL) == 0 || any;
    if (!any) return;
    ::usleep(1000);
  }
}

bool RunGroup::ran_out_of_memory() const {
  if (directories_.empty()) return false;
  // Version 2 tells it in memory.events, version 1 in memory.oom_control; both as "oom_kill N".
  for (const char* file : {"/memory.events", "/memory.oom_control"}) {
    std::istringstream lines(read_text(directories_.front() + file));
    std::string name;
    for (std::int64_t count = 0; lines >> name >> count;) {
      if (name == "oom_kill" && count > 0) return true;
    }
  }
  return false;
}

}  // namespace slipway::runner
