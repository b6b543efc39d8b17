#include "core/failure.h"
#include "runner/enter_request.h"
#include "runner/process.h"
#include "runner/runner.h"
#include "runner/self.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <optional>

namespace slipway::runner {
namespace {

using SteadyTime = std::chrono::steady_clock::time_point;

constexpr std::size_t kKeptErrors = 64u << 10;

/// One child and its conversation: its input is written, its answer read, until it ended or must end.
class Conversation {
 public:
  Conversation(const ChildRequest& request, const std::stop_token& stop)
      : request_(request), stop_(stop), deadline_(std::chrono::steady_clock::now() + request.time_limit) {
    Socket in = make_socket();
    Pipe out = make_pipe();
    Pipe err = make_pipe();
    const Fd enter = make_memory_file(enter_request().to_json().dump());
    Spawn spawn;
    spawn.program = passed_self();
    spawn.argv = internal_argv("enter");
    spawn.in = in.theirs.get();
    spawn.out = out.write.get();
    spawn.err = err.write.get();
    spawn.pass = {enter.get(), self()};
    spawn.own_session = true;
    process_.emplace(Process::start(spawn));
    in_ = std::move(in.ours);
    out_ = std::move(out.read);
    err_ = std::move(err.read);
    for (const Fd* fd : {&in_, &out_, &err_}) set_nonblocking(fd->get());
    if (request_.input.empty()) in_.close();
  }

  ChildAnswer hold() {
    while (!ended_) wait_and_handle();
    process_->kill_group();
    const ProcessEnd end = process_->wait();
    // Whatever it said before its end is in the pipes by now.
    read(out_, [this](std::string_view bytes) { take_output(bytes); });
    read(err_, [this](std::string_view bytes) { take_errors(bytes); });
    if (stopped_) throw Stopped();
    answer_.code = end.code;
    answer_.signal = end.signal;
    return std::move(answer_);
  }

 private:
  EnterRequest enter_request() const {
    EnterRequest enter;
    enter.argv = {request_.name};
    enter.limits.cpu_seconds = request_.cpu_seconds;
    enter.limits.file_size = request_.file_limit;
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
    enter.limits.address_space = request_.memory_limit;  // a sanitizer reserves terabytes of addresses
#endif
    return enter;
  }

  void wait_and_handle() {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(deadline_ - std::chrono::steady_clock::now());
    pollfd polled[] = {{in_.get(), POLLOUT, 0},
                       {out_.get(), POLLIN, 0},
                       {err_.get(), POLLIN, 0},
                       {process_->pidfd(), POLLIN, 0},
                       {stop_.get(), POLLIN, 0}};
    const int ready =
        ::poll(polled, std::size(polled), static_cast<int>(std::max<std::int64_t>(left.count(), 0)));
    if (ready < 0 && errno != EINTR) throw_errno("waiting for a child");
    if (ready == 0) {
      answer_.timed_out = ended_ = true;
      return;
    }
    if (polled[0].revents != 0) write_input();
    if (polled[1].revents != 0) read(out_, [this](std::string_view bytes) { take_output(bytes); });
    if (polled[2].revents != 0) read(err_, [this](std::string_view bytes) { take_errors(bytes); });
    if (polled[3].revents != 0) ended_ = true;
    if (polled[4].revents != 0) stopped_ = ended_ = true;
  }

  void write_input() {
    const std::string_view rest = std::string_view(request_.input).substr(written_);
    const ssize_t count = ::send(in_.get(), rest.data(), rest.size(), MSG_NOSIGNAL);
    if (count > 0) written_ += static_cast<std::size_t>(count);
    // A child that doesn't want to hear it all has closed its end; what it then answers is its business.
    const bool refused = count < 0 && errno != EAGAIN && errno != EINTR;
    if (refused || written_ == request_.input.size()) in_.close();
  }

  template <class Take>
  static void read(Fd& from, Take&& take) {
    char buffer[64 * 1024];
    while (from) {
      const ssize_t count = ::read(from.get(), buffer, sizeof buffer);
      if (count < 0 && errno == EINTR) continue;
      if (count < 0 && errno == EAGAIN) return;
      if (count <= 0) return from.close();
      take(std::string_view(buffer, static_cast<std::size_t>(count)));
    }
  }

  void take_output(std::string_view bytes) {
    const std::size_t room = request_.max_output - answer_.output.size();
    if (bytes.size() > room) answer_.too_much_output = ended_ = true;
    answer_.output += bytes.substr(0, room);
  }

  void take_errors(std::string_view bytes) {
    answer_.errors += bytes;
    if (answer_.errors.size() > kKeptErrors) answer_.errors.erase(0, answer_.errors.size() - kKeptErrors);
  }

  const ChildRequest& request_;
  StopDescriptor stop_;
  SteadyTime deadline_;
  std::optional<Process> process_;
  Fd in_, out_, err_;
  std::size_t written_ = 0;
  bool ended_ = false;
  bool stopped_ = false;
  ChildAnswer answer_;
};

class SelfChildren final : public Children {
 public:
  ChildAnswer ask(const ChildRequest& request, std::stop_token stop) override {
    return while_doing("running the child " + request.name,
                       [&] { return Conversation(request, stop).hold(); });
  }
};

}  // namespace

std::unique_ptr<Children> make_children() { return std::make_unique<SelfChildren>(); }

}  // namespace slipway::runner
