#include "runner/supervise.h"

#include "runner/self.h"

#include <dirent.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <memory>
#include <optional>
#include <utility>

namespace slipway::runner {
namespace {

constexpr int kSignalled = 128;

int exit_code(int status) { return WIFEXITED(status) ? WEXITSTATUS(status) : kSignalled + WTERMSIG(status); }

std::vector<pid_t> children_of(pid_t parent) {
  std::vector<pid_t> children;
  const std::unique_ptr<DIR, int (*)(DIR*)> processes(::opendir("/proc"), ::closedir);
  if (!processes) throw_errno("listing processes");
  while (const dirent* entry = ::readdir(processes.get())) {
    char* end = nullptr;
    const long pid = std::strtol(entry->d_name, &end, 10);
    if (pid > 0 && *end == '\0' && parent_of(static_cast<pid_t>(pid)) == parent) {
      children.push_back(static_cast<pid_t>(pid));
    }
  }
  return children;
}

/// Children of those that die return to this process, so that another round finds them.
void end_descendants() {
  for (;;) {
    for (const pid_t pid : children_of(::getpid())) ::kill(pid, SIGKILL);
    int status = 0;
    if (::waitpid(-1, &status, 0) < 0 && errno == ECHILD) return;
  }
}

pid_t start_command(EnterRequest request) {
  request.supervise = false;
  const std::vector<int> doors = std::exchange(request.groups, {});
  for (std::size_t i = 0; i < doors.size(); ++i) {
    request.groups.push_back(kReportFd + 1 + static_cast<int>(i));
  }
  const Fd file = make_memory_file(request.to_json().dump());
  Spawn spawn;
  spawn.program = passed_self();
  spawn.argv = internal_argv("enter");
  spawn.in = STDIN_FILENO;
  spawn.out = STDOUT_FILENO;
  spawn.err = STDERR_FILENO;
  spawn.pass = {file.get(), kSelfFd, kReportFd};
  spawn.pass.insert(spawn.pass.end(), doors.begin(), doors.end());
  Process process = Process::start(spawn);
  for (const int door : doors) ::close(door);
  const pid_t pid = process.pid();
  process.release();
  return pid;
}

/// Reaps whoever ended; the command's status when it is among them.
std::optional<int> reap(pid_t command) {
  std::optional<int> ended;
  int status = 0;
  for (pid_t pid = 0; (pid = ::waitpid(-1, &status, WNOHANG)) > 0;) {
    if (pid == command) ended = status;
  }
  return ended;
}

}  // namespace

int supervise(EnterRequest request) {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int number : {SIGTERM, SIGCHLD, SIGINT, SIGHUP}) sigaddset(&signals, number);
  ::sigprocmask(SIG_BLOCK, &signals, nullptr);
  if (::prctl(PR_SET_CHILD_SUBREAPER, 1) != 0) throw_errno("becoming the parent of orphans");
  if (request.parent != 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (::getppid() != request.parent) return kSignalled + SIGTERM;  // it was gone before
  }

  const pid_t command = start_command(std::move(request));
  // From now on the command alone has the report: its end of file says that it runs.
  ::close(kReportFd);
  for (;;) {
    const int number = ::sigwaitinfo(&signals, nullptr);
    if (number == SIGCHLD) {
      if (const auto status = reap(command)) {
        end_descendants();
        return exit_code(*status);
      }
    }
    if (number == SIGTERM) {
      end_descendants();
      return kSignalled + SIGTERM;
    }
  }
}

}  // namespace slipway::runner
