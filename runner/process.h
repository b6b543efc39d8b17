#pragma once

#include "runner/fd.h"

#include <sys/types.h>

#include <memory>
#include <stop_token>
#include <string>
#include <vector>

namespace slipway::runner {

/// A program to be started: by argv and never by a shell, with exactly these descriptors and this
/// environment.
struct Spawn {
  std::string program;  // path; /proc/self/fd/N is resolved in the child
  std::vector<std::string> argv;
  std::vector<std::string> environment;  // NAME=value; nothing is inherited
  int in = -1;                           // -1: /dev/null
  int out = -1;
  int err = -1;
  std::vector<int> pass;     // become 3, 4, 5, …; every other descriptor is closed
  bool own_session = false;  // setsid: also a process group that can be killed
};

struct ProcessEnd {
  int code = -1;  // -1 when a signal ended it
  int signal = 0;
};

/// A child of this process, held by a pidfd: signals never reach a stranger that got its number. Between
/// clone and exec nothing runs but what posix_spawn does itself, so that any thread of a program with many
/// may start one. Whoever lets go of one that still runs has killed it.
class Process {
 public:
  /// Throws Failure with the reason, also when the program can't be executed.
  static Process start(const Spawn& spawn);
  Process(Process&&) noexcept = default;
  Process& operator=(Process&&) = delete;
  ~Process();

  pid_t pid() const { return pid_; }
  /// Readable once it ended.
  int pidfd() const { return pidfd_.get(); }
  void signal(int number) const noexcept;
  /// SIGKILL to it and, if it leads a session, to its process group.
  void kill_group() const noexcept;
  /// Blocks until it ended.
  ProcessEnd wait();
  /// Lets it run on, unheld: somebody else reaps it.
  void release() { pidfd_.close(); }

 private:
  Process(pid_t pid, Fd pidfd, bool leads) : pid_(pid), pidfd_(std::move(pidfd)), leads_(leads) {}
  pid_t pid_;
  Fd pidfd_;  // closed once it was waited for
  bool leads_;
};

/// Signals by pidfd; false when the process is gone.
bool send_signal(int pidfd, int number) noexcept;
/// A pidfd of any process. Empty when there is none with this number.
Fd open_process(pid_t pid);
/// 0 when it is gone.
pid_t parent_of(pid_t pid);

/// Turns a stop into a descriptor that becomes readable, so that a poll hears of it at once.
class StopDescriptor {
 public:
  explicit StopDescriptor(const std::stop_token& stop);
  int get() const { return event_.get(); }

 private:
  struct Wake {
    int fd;
    void operator()() const noexcept;
  };
  Fd event_;
  std::stop_callback<Wake> callback_;
};

}  // namespace slipway::runner
