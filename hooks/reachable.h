#pragma once

#include <chrono>
#include <cstdint>
#include <stop_token>
#include <string>

namespace slipway::hooks {

/// A port of another machine.
struct Endpoint {
  std::string host;  // name or address
  std::uint16_t port = 0;
};

/// Waits until a TCP connection can be made, for at most `limit`; tries once in any case. False when it could
/// not; `why` is then the last attempt's reason. Throws Stopped.
bool wait_until_reachable(const Endpoint& endpoint, std::chrono::seconds limit, std::string& why,
                          std::stop_token stop);

}  // namespace slipway::hooks
