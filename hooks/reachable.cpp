#include "hooks/reachable.h"

#include "core/failure.h"
#include "core/guarded.h"

#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>

namespace slipway::hooks {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds kAttempt{5};
constexpr std::chrono::seconds kPause{2};
constexpr std::chrono::milliseconds kStopLatency{200};

class Socket {
 public:
  explicit Socket(const addrinfo& address)
      : number_(socket(address.ai_family, address.ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC,
                       address.ai_protocol)) {}
  ~Socket() {
    if (number_ >= 0) close(number_);
  }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

  /// 0, or an errno.
  int connect(const addrinfo& address, Clock::time_point deadline, const std::stop_token& stop) {
    if (number_ < 0) return errno;
    if (::connect(number_, address.ai_addr, address.ai_addrlen) == 0) return 0;
    if (errno != EINPROGRESS) return errno;
    for (;;) {
      if (stop.stop_requested()) throw Stopped();
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
      if (left.count() <= 0) return ETIMEDOUT;
      pollfd polled{number_, POLLOUT, 0};
      if (poll(&polled, 1, static_cast<int>(std::min(left, kStopLatency).count())) <= 0) continue;
      int error = 0;
      socklen_t size = sizeof error;
      return getsockopt(number_, SOL_SOCKET, SO_ERROR, &error, &size) == 0 ? error : errno;
    }
  }

 private:
  int number_;
};

/// Empty when it is reachable, else why not.
std::string attempt(const Endpoint& endpoint, Clock::time_point deadline, const std::stop_token& stop) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int error = getaddrinfo(endpoint.host.c_str(), std::to_string(endpoint.port).c_str(), &hints, &found);
  if (error != 0) return gai_strerror(error);
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> addresses(found, freeaddrinfo);
  int refused = 0;
  for (const addrinfo* address = found; address != nullptr; address = address->ai_next) {
    refused = Socket(*address).connect(*address, deadline, stop);
    if (refused == 0) return {};
  }
  return std::strerror(refused);
}

void pause(Clock::time_point until, const std::stop_token& stop) {
  Guarded<bool> never;
  never.wait_until(until, stop, [](bool ready) { return ready; });
  if (stop.stop_requested()) throw Stopped();
}

}  // namespace

bool wait_until_reachable(const Endpoint& endpoint, std::chrono::seconds limit, std::string& why,
                          std::stop_token stop) {
  const auto deadline = Clock::now() + limit;
  for (;;) {
    const auto now = Clock::now();
    why = attempt(endpoint, std::min(now + kAttempt, std::max(deadline, now + kStopLatency)), stop);
    if (why.empty()) return true;
    if (Clock::now() + kPause >= deadline) return false;
    pause(Clock::now() + kPause, stop);
  }
}

}  // namespace slipway::hooks
