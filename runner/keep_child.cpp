#include "core/failure.h"
#include "core/json_reader.h"
#include "runner/command_json.h"
#include "runner/files.h"
#include "runner/keeper.h"
#include "runner/keeper_files.h"
#include "runner/room.h"
#include "runner/runner.h"
#include "runner/self.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <iostream>
#include <iterator>
#include <thread>

namespace slipway::runner {
namespace {

constexpr int kLookAtOutput = 5000;  // milliseconds

struct Ignore final : Output {
  void out(std::string_view) override {}
  void err(std::string_view) override {}
};

KeptCommand read_request() {
  const std::string text{std::istreambuf_iterator<char>(std::cin), {}};
  const auto json = parse_json(text);
  if (!json) throw Failure("its request: " + json.error().text());
  const JsonReader in(*json);
  KeptCommand kept;
  kept.directory = in["directory"].string();
  kept.data_dir = in["data_dir"].string();
  kept.mount_namespace = in["mount_namespace"].boolean();
  kept.command = command_from_json(in["command"].value());
  return kept;
}

Fd open_to_append(const std::string& path) {
  Fd file(::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
  if (!file) throw_errno("opening " + path);
  return file;
}

/// Waits beside the command for a wish that it end, and keeps its output from filling the disk.
class Watch {
 public:
  Watch(const KeeperFiles& files, const std::string& directory, int output)
      : files_(files), output_(output), inotify_(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK)) {
    if (!inotify_ || ::inotify_add_watch(inotify_.get(), directory.c_str(), IN_CREATE | IN_MOVED_TO) < 0) {
      throw_errno("watching " + directory);
    }
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGUSR1);
    // Blocked before any thread is made, so that all threads have them blocked.
    ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    signals_ = Fd(::signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK));
    if (!signals_) throw_errno("making a signalfd");
    thread_ = std::jthread([this](const std::stop_token& ended) { watch(ended); });
  }

  std::stop_token wish() const { return wish_.get_token(); }

 private:
  void watch(const std::stop_token& ended) {
    const StopDescriptor over(ended);
    while (!ended.stop_requested()) {
      if (exists(files_.interrupt)) wish_.request_stop();
      pollfd polled[] = {{inotify_.get(), POLLIN, 0}, {signals_.get(), POLLIN, 0}, {over.get(), POLLIN, 0}};
      ::poll(polled, std::size(polled), kLookAtOutput);
      char told[4096];
      while (::read(inotify_.get(), told, sizeof told) > 0) {
      }
      if (::read(signals_.get(), told, sizeof told) > 0) wish_.request_stop();
      give_back_old_output();
    }
  }

  /// The offsets stay: whoever reads along isn't disturbed.
  void give_back_old_output() const {
    struct stat info{};
    if (::fstat(output_, &info) != 0) return;
    constexpr std::int64_t kBlock = 512;
    if (info.st_blocks * kBlock <= kMaxKeptOutput) return;
    ::fallocate(output_, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, info.st_size - kMaxKeptOutput / 2);
  }

  const KeeperFiles& files_;
  int output_;
  Fd inotify_;
  Fd signals_;
  std::stop_source wish_;
  std::jthread thread_;  // last: it uses the others
};

void mark_started(const KeeperFiles& files, const std::string& directory) {
  const Fd file(::open(files.started.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!file) throw_errno("marking the apply as started");
  if (::fsync(file.get()) != 0) throw_errno("marking the apply as started");
  make_durable(directory);
}

KeptExit run(const KeptCommand& kept, const KeeperFiles& files, int lock) {
  KeptExit end;
  try {
    const auto room = kept.mount_namespace ? make_room(kept.data_dir) : make_unshared_room(kept.data_dir);
    if (room->level().mount_namespace != kept.mount_namespace) {
      throw Failure("the machine permits no mount namespace any more", Retry::Later);
    }
    const Fd out = open_to_append(files.output);
    const Fd err = open_to_append(files.errors);
    const Watch watch(files, kept.directory, out.get());
    Ties ties;
    ties.dies_with_us = false;
    ties.kept = lock;
    ties.out = out.get();
    ties.err = err.get();
    ties.about_to_run = [&] { mark_started(files, kept.directory); };
    Ignore ignore;
    end.exit = room->run_tied(kept.command, ties, ignore, watch.wish());
    ::fsync(out.get());
  } catch (const Failure& failure) {
    end.failure = failure.what();
  }
  return end;
}

std::string to_text(const KeptExit& end) {
  return Json::object({{"code", end.exit.code},
                       {"signal", end.exit.signal},
                       {"timed_out", end.exit.timed_out},
                       {"stopped", end.exit.stopped},
                       {"out_of_memory", end.exit.out_of_memory},
                       {"failure", end.failure}})
      .dump();
}

/// The lock belongs to this opening of the file: a copy of it in another process keeps it held.
Fd take_lock(const std::string& path) {
  Fd lock(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!lock) throw_errno("opening " + path);
  if (::flock(lock.get(), LOCK_EX | LOCK_NB) != 0) throw Failure("another keeper has this run");
  return lock;
}

void answer(std::string_view text) {
  write_all(STDOUT_FILENO, text);
  const Fd nowhere(::open("/dev/null", O_RDWR | O_CLOEXEC));
  ::dup2(nowhere.get(), STDOUT_FILENO);
}

int keep() {
  for (const int number : {SIGTERM, SIGHUP, SIGPIPE}) std::signal(number, SIG_IGN);
  self();
  const KeptCommand kept = read_request();
  const KeeperFiles files(kept.directory);
  // A second fork, while there is one thread: the server reaps the first process, and this one is nobody's
  // child.
  const pid_t pid = ::fork();
  if (pid < 0) throw_errno("leaving the server");
  if (pid > 0) return 0;
  const Fd lock = take_lock(files.alive);
  if (exists(files.started) || exists(files.exit)) throw Failure("this apply was started before");
  answer("kept");
  const KeptExit end = run(kept, files, lock.get());
  replace_file(files.exit, to_text(end), true);
  return 0;
}

}  // namespace

int keep_child() {
  try {
    return keep();
  } catch (const JsonMismatch& mismatch) {
    ::dprintf(STDOUT_FILENO, "its request: %s", mismatch.error().text().c_str());
  } catch (const std::exception& failure) {
    ::dprintf(STDOUT_FILENO, "%s", failure.what());
  }
  return 1;
}

}  // namespace slipway::runner
