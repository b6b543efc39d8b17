#include "runner/room.h"

#include "core/failure.h"
#include "runner/files.h"
#include "runner/self.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/sysinfo.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <optional>

namespace slipway::runner {
namespace {

using SteadyTime = std::chrono::steady_clock::time_point;

constexpr std::size_t kMaxReport = 4096;
constexpr std::size_t kKeptErrors = 4096;
/// How long a killed tree may take to be gone: the kernel does it, unless a disk hangs.
constexpr std::chrono::seconds kPullDownTime{20};
/// Shells, bwrap and our own supervisor tell a signal n as the exit code 128 + n.
constexpr int kSignalled = 128;

struct Removed {
  std::string path;
  ~Removed() {
    if (!path.empty()) remove_tree(path);
  }
};

/// One command in its room.
class Stay {
 public:
  Stay(const Walls& walls, const ControlGroups& groups, const SandboxCommand& command, const Ties& ties,
       Output& output, const std::stop_token& stop)
      : walls_(walls),
        ties_(ties),
        limits_(command.limits),
        output_(output),
        stop_(stop),
        group_(groups.make(limits_.memory, limits_.processes)),
        deadline_(std::chrono::steady_clock::now() + limits_.wall) {
    start(walls.enclose(command, ties));
  }

  ~Stay() {
    if (outer_) end_all();
  }

  SandboxExit hold() {
    while (!over_) wait_and_handle();
    const ProcessEnd end = end_all();
    hear_report();
    read_rest(out_, &Output::out);
    read_rest(err_, &Output::err);
    if (!entered_ && !killed_) refuse(end);
    exit_.signal = killed_ ? SIGKILL : end.signal != 0 ? end.signal : std::max(end.code - kSignalled, 0);
    exit_.code = exit_.signal != 0 ? -1 : end.code;
    exit_.out_of_memory = group_.ran_out_of_memory();
    return exit_;
  }

 private:
  void start(Enclosed enclosed) {
    scratch_.path = enclosed.scratch;
    ProcessLimits& limits = enclosed.enter.limits;
    limits.file_size = limits_.file_size;
    limits.open_files = limits_.open_files;
    if (!group_.bounds_memory()) limits.address_space = limits_.memory;
    if (!group_.bounds_processes()) limits.processes = limits_.processes + processes_now();

    const std::vector<Fd> doors = group_.doors();
    int passed = ties_.kept >= 0 ? kKeptFd + 1 : kKeptFd;
    for (std::size_t i = 0; i < doors.size(); ++i) enclosed.enter.groups.push_back(passed++);
    const Fd request = make_memory_file(enclosed.enter.to_json().dump());
    Socket report = make_message_socket();
    Spawn& spawn = enclosed.spawn;
    spawn.pass = {request.get(), self(), report.theirs.get()};
    if (ties_.kept >= 0) spawn.pass.push_back(ties_.kept);
    for (const Fd& door : doors) spawn.pass.push_back(door.get());
    Pipe out;
    Pipe err;
    if (ties_.out < 0) out = make_pipe();
    if (ties_.err < 0) err = make_pipe();
    spawn.out = ties_.out < 0 ? out.write.get() : ties_.out;
    spawn.err = ties_.err < 0 ? err.write.get() : ties_.err;
    outer_.emplace(Process::start(spawn));
    report_ = std::move(report.ours);
    out_ = std::move(out.read);
    err_ = std::move(err.read);
    for (const Fd* fd : {&report_, &out_, &err_}) {
      if (*fd) set_nonblocking(fd->get());
    }
  }

  /// The limit counts all processes of a user, where they don't have a namespace of their own.
  static std::uint64_t processes_now() {
    struct sysinfo info{};
    return ::sysinfo(&info) == 0 ? info.procs : 0;
  }

  void wait_and_handle() {
    const auto now = std::chrono::steady_clock::now();
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline_ - now).count();
    const int timeout = static_cast<int>(std::clamp<std::int64_t>(left, 0, 3'600'000));
    pollfd polled[] = {{report_.get(), POLLIN, 0},
                       {out_.get(), POLLIN, 0},
                       {err_.get(), POLLIN, 0},
                       {outer_->pidfd(), POLLIN, 0},
                       {exit_.stopped ? -1 : stop_.get(), POLLIN, 0}};
    if (::poll(polled, std::size(polled), timeout) < 0 && errno != EINTR)
      throw_errno("waiting for a command");
    if (polled[0].revents != 0) hear_report();
    if (polled[1].revents != 0) read_output(out_, &Output::out);
    if (polled[2].revents != 0) read_output(err_, &Output::err);
    if (polled[3].revents != 0) over_ = true;
    if (polled[4].revents != 0) {
      exit_.stopped = true;
      ask_to_end();
    }
    if (std::chrono::steady_clock::now() >= deadline_) deadline_passed();
  }

  void deadline_passed() {
    if (asked_to_end_) return kill();
    exit_.timed_out = true;
    ask_to_end();
  }

  /// SIGINT to the command itself, once: Terraform then ends what it has begun. Its children are its own
  /// business.
  void ask_to_end() {
    if (!command_ || !send_signal(command_.get(), SIGINT)) return kill();
    asked_to_end_ = true;
    deadline_ = std::chrono::steady_clock::now() + limits_.grace;
  }

  void kill() { killed_ = over_ = true; }

  /// "here", with the command's process, or why the command can't run; its end when the command runs.
  void hear_report() {
    char text[kMaxReport];
    char control[CMSG_SPACE(sizeof(ucred))];
    iovec piece{text, sizeof text};
    msghdr message{};
    message.msg_iov = &piece;
    message.msg_iovlen = 1;
    message.msg_control = control;
    message.msg_controllen = sizeof control;
    const ssize_t count = ::recvmsg(report_.get(), &message, MSG_CMSG_CLOEXEC);
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (count <= 0) return report_.close();
    if (entered_ || over_ || std::string_view(text, static_cast<std::size_t>(count)) != "here") {
      complaint_.assign(text, static_cast<std::size_t>(count));
      entered_ = false;
      return;
    }
    ucred sender{};
    const cmsghdr* header = CMSG_FIRSTHDR(&message);
    if (header != nullptr && header->cmsg_type == SCM_CREDENTIALS) {
      std::memcpy(&sender, CMSG_DATA(header), sizeof sender);
    }
    let_in(sender.pid);
  }

  /// The command waits for the answer, so its number is its own until then.
  void let_in(pid_t pid) {
    command_ = open_process(pid);
    parent_ = open_process(parent_of(pid));
    if (!command_ || !parent_) throw Failure("a command was gone before it began", Retry::Later);
    if (exit_.stopped) return kill();
    if (ties_.about_to_run) ties_.about_to_run();
    const char answer = 1;
    entered_ = ::send(report_.get(), &answer, 1, MSG_NOSIGNAL) == 1;
  }

  void read_output(Fd& from, void (Output::*tell)(std::string_view)) {
    char buffer[64 * 1024];
    const ssize_t count = ::read(from.get(), buffer, sizeof buffer);
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (count <= 0) return from.close();
    const std::string_view bytes(buffer, static_cast<std::size_t>(count));
    if (entered_) {
      (output_.*tell)(bytes);
    } else if (early_errors_.size() < kKeptErrors) {
      early_errors_ += bytes;  // of bwrap, not of the command
    }
  }

  /// Leaves no process behind.
  ProcessEnd end_all() noexcept {
    walls_.pull_down(*outer_, parent_.get());
    group_.kill();
    if (!ended_within(outer_->pidfd(), kPullDownTime)) outer_->signal(SIGKILL);
    const ProcessEnd end = outer_->wait();
    outer_.reset();
    if (parent_) ended_within(parent_.get(), kPullDownTime);
    return end;
  }

  static bool ended_within(int pidfd, std::chrono::milliseconds time) noexcept {
    pollfd polled{pidfd, POLLIN, 0};
    int ready = 0;
    while ((ready = ::poll(&polled, 1, static_cast<int>(time.count()))) < 0 && errno == EINTR) {
    }
    return ready > 0;
  }

  void read_rest(Fd& from, void (Output::*tell)(std::string_view)) {
    for (pollfd polled{from.get(), POLLIN, 0}; from && ::poll(&polled, 1, 0) > 0;) read_output(from, tell);
  }

  [[noreturn]] void refuse(const ProcessEnd& end) const {
    if (!complaint_.empty()) throw Failure("the command could not be started: " + complaint_);
    throw Failure(fmt::format("its sandbox could not be made: {}",
                              early_errors_.empty() ? fmt::format("exit code {}", end.code) : early_errors_));
  }

  const Walls& walls_;
  const Ties& ties_;
  const SandboxLimits& limits_;
  Output& output_;
  StopDescriptor stop_;
  RunGroup group_;
  Removed scratch_;
  std::optional<Process> outer_;
  Fd report_, out_, err_;
  Fd command_, parent_;  // pidfds
  SteadyTime deadline_;
  bool entered_ = false;
  bool over_ = false;
  bool asked_to_end_ = false;
  bool killed_ = false;
  std::string complaint_;
  std::string early_errors_;
  SandboxExit exit_;
};

}  // namespace

Room::Room(std::unique_ptr<Walls> walls, std::shared_ptr<const ControlGroups> groups)
    : walls_(std::move(walls)), groups_(std::move(groups)) {}

SandboxExit Room::run(const SandboxCommand& command, Output& output, std::stop_token stop) {
  return run_tied(command, Ties{}, output, std::move(stop));
}

SandboxExit Room::run_tied(const SandboxCommand& command, const Ties& ties, Output& output,
                           std::stop_token stop) {
  if (command.argv.empty() || !command.argv.front().starts_with('/')) {
    throw Failure("a command in the sandbox needs an absolute path");
  }
  return while_doing("running " + command.argv.front(),
                     [&] { return Stay(*walls_, *groups_, command, ties, output, stop).hold(); });
}

}  // namespace slipway::runner
