#pragma once

#include "bot/net/router.h"

#include <cstddef>
#include <ctime>
#include <optional>
#include <string>
#include <string_view>

namespace slipway::net {

/// How the client knows where the answer ends, and what becomes of the connection.
struct Framing {
  std::optional<std::size_t> length;  // of the body
  bool chunked = false;
  bool close = false;
  bool is_old = false;  // the client speaks HTTP/1.0: a kept connection has to be promised
};

/// Appends status line and headers, with what every answer carries (Date, nosniff) and what a page needs (its
/// own scripts only, in no frame) unless the handler said otherwise. Control characters in a value become
/// spaces.
void print_head(std::string& out, const Response& response, const Framing& framing, std::string_view date);

/// "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110, 5.6.7).
std::string http_date(std::time_t time);

/// 1xx, 204 and 304 have none.
bool may_have_body(int status);

}  // namespace slipway::net
