#include "core/failure.h"
#include "core/json_reader.h"
#include "runner/enter_request.h"
#include "runner/landlock.h"
#include "runner/runner.h"
#include "runner/self.h"
#include "runner/supervise.h"
#include "runner/system_calls.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <grp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace slipway::runner {
namespace {

constexpr std::size_t kMaxRequest = 16u << 20;
constexpr int kNotEntered = 125;

EnterRequest read_request() {
  const auto json = parse_json(read_all(kRequestFd, kMaxRequest));
  if (!json) throw Failure("the request: " + json.error().text());
  return EnterRequest::from_json(*json);
}

void join(const std::vector<int>& groups) {
  for (const int group : groups) {
    if (::write(group, "0", 1) != 1) throw_errno("joining its control group");
    ::close(group);
  }
}

/// Tells who waits outside where this process is (the kernel adds its number as seen from there), and goes on
/// when that one has it within reach of a signal.
bool let_in() {
  constexpr char kHere[] = "here";
  if (::send(kReportFd, kHere, sizeof kHere - 1, MSG_NOSIGNAL) < 0) return false;
  char answer = 0;
  return ::recv(kReportFd, &answer, 1, 0) == 1;
}

void limit(__rlimit_resource resource, std::uint64_t value) {
  rlimit now{};
  if (::getrlimit(resource, &now) != 0) throw_errno("reading a limit");
  const rlim_t lower = std::min<rlim_t>(value, now.rlim_max);
  now.rlim_cur = now.rlim_max = lower;
  if (::setrlimit(resource, &now) != 0) throw_errno("setting a limit");
}

void limit_if(__rlimit_resource resource, std::uint64_t value) {
  if (value != 0) limit(resource, value);
}

void set_limits(const ProcessLimits& limits) {
  limit(RLIMIT_CORE, 0);
  limit_if(RLIMIT_CPU, limits.cpu_seconds);
  limit_if(RLIMIT_FSIZE, limits.file_size);
  limit_if(RLIMIT_NOFILE, limits.open_files);
  limit_if(RLIMIT_NPROC, limits.processes);
}

void become(std::uint32_t id) {
  if (::setgroups(0, nullptr) != 0 || ::setresgid(id, id, id) != 0 || ::setresuid(id, id, id) != 0) {
    throw_errno("giving up being root");
  }
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> out;
  for (auto& text : texts) out.push_back(text.data());
  out.push_back(nullptr);
  return out;
}

[[noreturn]] void run(EnterRequest& request) {
  std::vector<std::string> environment;
  for (const auto& [name, value] : request.environment)
    environment.push_back(fmt::format("{}={}", name, value));
  const auto argv = pointers(request.argv);
  const auto variables = pointers(environment);
  // Last: this program itself may need more than the command is allowed.
  limit_if(RLIMIT_AS, request.limits.address_space);
  ::execve(request.program.c_str(), argv.data(), variables.data());
  throw_errno(fmt::format("executing {}", request.program));
}

/// The same program once more would spend milliseconds on its libraries.
int become_child(const EnterRequest& request, ChildMain child) {
  const std::string& name = request.argv.front();
  for (const int fd : {kRequestFd, kSelfFd}) ::close(fd);
  ::prctl(PR_SET_NAME, name.c_str());
  limit_if(RLIMIT_AS, request.limits.address_space);
  return child(name);
}

int enter(ChildMain child) {
  EnterRequest request = read_request();
  if (request.supervise) return supervise(std::move(request));
  join(request.groups);
  if (request.report && !let_in()) return kNotEntered;
  for (const int fd : {kRequestFd, kSelfFd, kReportFd, kKeptFd}) ::fcntl(fd, F_SETFD, FD_CLOEXEC);

  set_limits(request.limits);
  if (request.become) become(*request.become);
  if (::chdir(request.directory.c_str()) != 0) throw_errno(fmt::format("going to {}", request.directory));
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) throw_errno("giving up new privileges");
  restrict_self(request.visible ? &*request.visible : nullptr);
  deny_system_calls();
  if (request.program.empty()) return become_child(request, child);
  run(request);
}

}  // namespace

int enter_child(ChildMain child) {
  try {
    return enter(child);
  } catch (const JsonMismatch& mismatch) {
    ::dprintf(STDERR_FILENO, "slipway: the request: %s\n", mismatch.error().text().c_str());
  } catch (const std::exception& failure) {
    // The one who waits outside; without one, stderr.
    const std::string_view text = failure.what();
    if (::send(kReportFd, text.data(), text.size(), MSG_NOSIGNAL) < 0) {
      ::dprintf(STDERR_FILENO, "slipway: %s\n", failure.what());
    }
  }
  return kNotEntered;
}

}  // namespace slipway::runner
