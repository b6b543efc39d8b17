#pragma once

#include <sys/socket.h>

#include <chrono>
#include <cstdint>
#include <stop_token>
#include <string>
#include <vector>

namespace slipway::net {

struct Address {
  sockaddr_storage storage{};
  socklen_t length = 0;
};

/// The addresses of a host, best first. An address is taken as it is; a name costs a look-up by the system
/// that can't be cancelled: it goes on in a thread of its own when the caller leaves. Throws Failure (Later)
/// or Stopped.
std::vector<Address> resolve(const std::string& host, std::uint16_t port,
                             std::chrono::steady_clock::time_point deadline, const std::stop_token& stop);

}  // namespace slipway::net
