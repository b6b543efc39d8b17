#include "runner/bubblewrap.h"

#include "core/failure.h"
#include "runner/files.h"
#include "runner/self.h"
#include "runner/system_paths.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <filesystem>
#include <set>

namespace slipway::runner {
namespace {

namespace fs = std::filesystem;

/// Of /tmp and of the home, which are memory.
constexpr std::uint64_t kScratchBytes = 1ull << 30;
/// Where a run sees the files that /etc has links to.
constexpr std::string_view kSettings = "/slipway/etc";

/// Of /proc: what changes the machine is read-only, whatever the user (bwrap leaves some of it writable to
/// root, who needs no capability for it), and what tells of the machine's secrets is empty.
constexpr std::array kProcReadOnly = {"/proc/sys", "/proc/sysrq-trigger", "/proc/irq", "/proc/bus",
                                      "/proc/fs",  "/proc/scsi",          "/proc/acpi"};
constexpr std::array kProcEmpty = {"/proc/kcore",      "/proc/keys",        "/proc/latency_stats",
                                   "/proc/timer_list", "/proc/sched_debug", "/proc/kallsyms"};

bool is_below(const std::string& path, const std::string& directory) {
  return path == directory || path.starts_with(directory + "/");
}

class Arguments {
 public:
  template <class... Texts>
  void add(Texts&&... texts) {
    (texts_.emplace_back(std::forward<Texts>(texts)), ...);
  }
  void bind(const std::string& host, const std::string& inside, bool writable = false) {
    make_parents(inside);
    add(writable ? "--bind" : "--ro-bind", host, inside);
    bound_.push_back(inside);
  }
  void show(const std::string& path) { bind(path, path); }

  void mount_proc() {
    add("--proc", "/proc");
    bound_.emplace_back("/proc");
  }

  /// bwrap makes what leads to a destination for its own user only; a run may have another.
  void make_parents(const std::string& path) {
    for (std::size_t slash = path.find('/', 1); slash != std::string::npos;
         slash = path.find('/', slash + 1)) {
      const std::string parent = path.substr(0, slash);
      const bool there = std::any_of(bound_.begin(), bound_.end(),
                                     [&](const std::string& bound) { return is_below(parent, bound); });
      if (!there && made_.insert(parent).second) add("--perms", "0755", "--dir", parent);
    }
  }

  std::vector<std::string> take() { return std::move(texts_); }

 private:
  std::vector<std::string> texts_;
  std::vector<std::string> bound_;
  std::set<std::string> made_;
};

void add_system(Arguments& arguments, const SettingsView& settings) {
  for (const char* path : kSystemDirectories) {
    std::error_code error;
    const auto status = fs::symlink_status(path, error);
    if (fs::is_symlink(status)) {
      arguments.add("--symlink", fs::read_symlink(path).string(), path);
    } else if (fs::is_directory(status)) {
      arguments.show(path);
    }
  }
  // Links, so that /etc is a directory in which what the command binds has a place.
  arguments.bind(settings.directory, std::string(kSettings));
  for (const auto& place : settings.places) {
    arguments.make_parents("/etc" + place);
    arguments.add("--symlink", std::string(kSettings) + place, "/etc" + place);
  }
  for (const char* path : kSettingDirectories) {
    if (exists(path)) arguments.show(path);
  }
}

void add_proc(Arguments& arguments) {
  arguments.mount_proc();
  for (const char* path : kProcReadOnly) {
    if (::access(path, F_OK) == 0) arguments.show(path);
  }
  for (const char* path : kProcEmpty) {
    if (::access(path, F_OK) == 0) arguments.add("--ro-bind", "/dev/null", path);
  }
}

/// Seen anyway, at the same place.
bool is_system(const Bind& bind) {
  if (bind.writable || bind.host != bind.inside) return false;
  return bind.inside.starts_with("/usr/") ||
         std::find(kSettingFiles.begin(), kSettingFiles.end(), bind.inside) != kSettingFiles.end();
}

}  // namespace

Bubblewrap::Bubblewrap(Options options, SandboxLevel level)
    : options_(std::move(options)), level_(std::move(level)), settings_(options_.data_dir + "/sandbox") {}

std::vector<std::string> Bubblewrap::arguments(const SandboxCommand& command, const Ties& ties) const {
  Arguments arguments;
  arguments.add("bwrap", "--new-session", "--unshare-pid", "--unshare-ipc", "--unshare-uts",
                "--unshare-cgroup-try", "--hostname", command.host, "--cap-drop", "ALL", "--clearenv");
  // The keeper of an apply is told to end; it is not ended together with the server.
  if (ties.dies_with_us) arguments.add("--die-with-parent");
  // bwrap's processes close what they only pass on; this one its first process in the namespace holds open.
  if (ties.kept >= 0) arguments.add("--sync-fd", std::to_string(kKeptFd));
  if (drops_root(command)) {
    arguments.add("--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID");
  } else if (options_.user_namespace) {
    arguments.add("--unshare-user");
  }

  add_system(arguments, settings_.current());
  add_proc(arguments);
  arguments.add("--dev", "/dev");
  for (const std::string_view scratch : {std::string_view("/tmp"), kHome}) {
    arguments.make_parents(std::string(scratch));
    arguments.add("--perms", "1777", "--size", std::to_string(kScratchBytes), "--tmpfs",
                  std::string(scratch));
  }
  for (const auto& bind : command.binds) {
    if (!is_system(bind)) arguments.bind(bind.host, bind.inside, bind.writable);
  }
  arguments.add("--remount-ro", "/", "--chdir", "/", "--", passed_self(), "internal", "enter");
  return arguments.take();
}

Enclosed Bubblewrap::enclose(const SandboxCommand& command, const Ties& ties) const {
  Enclosed enclosed;
  enclosed.spawn.program = options_.program;
  enclosed.spawn.argv = arguments(command, ties);
  enclosed.spawn.own_session = true;

  EnterRequest& enter = enclosed.enter;
  enter.program = command.argv.front();
  enter.argv = command.argv;
  enter.environment = command.environment;
  enter.environment.try_emplace("HOME", kHome);
  enter.environment.try_emplace("PATH", kSystemPath);
  enter.directory = command.directory.empty() ? "/" : command.directory;
  enter.report = true;
  if (drops_root(command)) enter.become = kRunUser;
  return enclosed;
}

void Bubblewrap::pull_down(const Process& outer, int parent_pidfd) const noexcept {
  // The first process of a pid namespace takes all others with it.
  send_signal(parent_pidfd, SIGKILL);
  outer.signal(SIGKILL);
}

}  // namespace slipway::runner
