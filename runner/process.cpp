#include "runner/process.h"

#include "core/failure.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <fstream>

namespace slipway::runner {
namespace {

// By number: the C library's own header of them can't be used from C++ before glibc 2.37.
int pidfd_open(pid_t pid) { return static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)); }

constexpr int kFirstPassed = 3;
/// Above every number that a child is given, so that no dup2 overwrites the source of a later one.
constexpr int kAbovePassed = 64;

class FileActions {
 public:
  FileActions() { posix_spawn_file_actions_init(&actions_); }
  FileActions(const FileActions&) = delete;
  FileActions& operator=(const FileActions&) = delete;
  ~FileActions() { posix_spawn_file_actions_destroy(&actions_); }

  void give(int fd, int as) {
    const Fd& source = sources_.emplace_back(::fcntl(fd, F_DUPFD_CLOEXEC, kAbovePassed));
    if (!source) throw_errno("duplicating a descriptor");
    posix_spawn_file_actions_adddup2(&actions_, source.get(), as);
  }
  void give_null(int as) {
    posix_spawn_file_actions_addopen(&actions_, as, "/dev/null", as == 0 ? O_RDONLY : O_WRONLY, 0);
  }
  void close_from(int first) { posix_spawn_file_actions_addclosefrom_np(&actions_, first); }
  const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_{};
  std::vector<Fd> sources_;
};

class Attributes {
 public:
  explicit Attributes(bool own_session) {
    posix_spawnattr_init(&attributes_);
    // A server ignores SIGPIPE and may block signals in its threads; a child must not inherit either.
    sigset_t set;
    sigfillset(&set);
    posix_spawnattr_setsigdefault(&attributes_, &set);
    sigemptyset(&set);
    posix_spawnattr_setsigmask(&attributes_, &set);
    int flags = POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK;
    if (own_session) flags |= POSIX_SPAWN_SETSID;
    posix_spawnattr_setflags(&attributes_, static_cast<short>(flags));
  }
  Attributes(const Attributes&) = delete;
  Attributes& operator=(const Attributes&) = delete;
  ~Attributes() { posix_spawnattr_destroy(&attributes_); }
  const posix_spawnattr_t* get() const { return &attributes_; }

 private:
  posix_spawnattr_t attributes_{};
};

std::vector<char*> pointers(const std::vector<std::string>& texts) {
  std::vector<char*> out;
  out.reserve(texts.size() + 1);
  for (const auto& text : texts) out.push_back(const_cast<char*>(text.c_str()));
  out.push_back(nullptr);
  return out;
}

}  // namespace

Process Process::start(const Spawn& spawn) {
  FileActions actions;
  const int standard[] = {spawn.in, spawn.out, spawn.err};
  for (int as = 0; as < kFirstPassed; ++as)
    standard[as] < 0 ? actions.give_null(as) : actions.give(standard[as], as);
  int as = kFirstPassed;
  for (const int fd : spawn.pass) actions.give(fd, as++);
  actions.close_from(as);

  const Attributes attributes(spawn.own_session);
  const auto argv = pointers(spawn.argv);
  const auto environment = pointers(spawn.environment);
  pid_t pid = 0;
  const int error = ::posix_spawn(&pid, spawn.program.c_str(), actions.get(), attributes.get(), argv.data(),
                                  environment.data());
  if (error != 0) throw_errno(fmt::format("starting {}", spawn.program), error);

  Fd pidfd(pidfd_open(pid));
  if (!pidfd) {
    const int reason = errno;
    ::kill(pid, SIGKILL);
    ::waitpid(pid, nullptr, 0);
    throw_errno("holding a child by its pidfd", reason);
  }
  return Process(pid, std::move(pidfd), spawn.own_session);
}

Process::~Process() {
  if (!pidfd_) return;
  kill_group();
  wait();
}

void Process::signal(int number) const noexcept { send_signal(pidfd_.get(), number); }

void Process::kill_group() const noexcept {
  if (!pidfd_) return;
  // Not yet waited for, so its number and its group's are still its own.
  if (leads_) ::kill(-pid_, SIGKILL);
  signal(SIGKILL);
}

ProcessEnd Process::wait() {
  siginfo_t info{};
  while (::waitid(P_PIDFD, static_cast<id_t>(pidfd_.get()), &info, WEXITED) != 0 && errno == EINTR) {
  }
  pidfd_.close();
  if (info.si_code == CLD_EXITED) return ProcessEnd{info.si_status, 0};
  return ProcessEnd{-1, info.si_status};
}

bool send_signal(int pidfd, int number) noexcept {
  return pidfd >= 0 && ::syscall(SYS_pidfd_send_signal, pidfd, number, nullptr, 0) == 0;
}

Fd open_process(pid_t pid) { return Fd(pid > 0 ? pidfd_open(pid) : -1); }

pid_t parent_of(pid_t pid) {
  std::ifstream stat(fmt::format("/proc/{}/stat", pid));
  std::string line;
  std::getline(stat, line);
  // The name in brackets may hold spaces and brackets: the state and the parent stand after the last one.
  const std::size_t end = line.rfind(')');
  if (end == std::string::npos || end + 4 >= line.size()) return 0;
  return static_cast<pid_t>(std::strtol(line.c_str() + end + 4, nullptr, 10));
}

StopDescriptor::StopDescriptor(const std::stop_token& stop)
    : event_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)), callback_(stop, Wake{event_.get()}) {
  if (!event_) throw_errno("making an eventfd");
}

void StopDescriptor::Wake::operator()() const noexcept {
  const eventfd_t one = 1;
  ::eventfd_write(fd, one);
}

}  // namespace slipway::runner
