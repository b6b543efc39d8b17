#pragma once

#include "core/result.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace slipway::net {

/// Where a request goes. A fragment is dropped; a name and password before the host are refused: URLs get
/// logged.
struct Url {
  bool is_secure = false;
  std::string host;  // without the brackets of an IPv6 address
  std::uint16_t port = 0;
  std::string target = "/";  // path and query

  /// forge.example:443, [::1]:8080: for messages.
  std::string place() const;
  /// As the Host header has it: without the scheme's own port.
  std::string authority() const;
};

Result<Url> parse_url(std::string_view text);

}  // namespace slipway::net
