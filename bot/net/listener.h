#pragma once

#include <cstdint>
#include <string>

namespace slipway::net {

struct Listener {
  int fd = -1;  // the caller's to close
  bool is_v6 = false;
  std::uint16_t port = 0;
};

/// A listening TCP socket. `address` is an IP address or localhost; port 0 gives a free one. Throws Failure
/// with the place and the reason.
Listener listen(const std::string& address, std::uint16_t port);

}  // namespace slipway::net
