#pragma once

#include "bot/net/router.h"

#include <cstddef>
#include <ctime>
#include <optional>
#include <string>
#include <string_view>

namespace slipway::net {

/// What the client understands and wants.
struct Client {
  bool is_old = false;  // HTTP/1.0: knows no chunks, and a kept connection has to be promised
  bool keeps = false;   // the connection
};

/// How the client knows where the answer ends, and what becomes of the connection.
struct Framing {
  Framing(const Response& response, const Client& client);

  bool has_body = false;
  std::optional<std::size_t> length;  // of the body, where it is known
  bool chunked = false;
  bool close = false;
  bool is_old = false;
};

/// Appends status line and headers, with what every answer carries (Date, nosniff) and what a page needs (its
/// own scripts only, in no frame) unless the handler said otherwise. Control characters in a value become
/// spaces.
void print_head(std::string& out, const Response& response, const Framing& framing, std::string_view date);

void print_chunk(std::string& out, std::string_view bytes);
inline constexpr std::string_view kLastChunk = "0\r\n\r\n";

/// "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110, 5.6.7).
std::string http_date(std::time_t time);

/// The date of now, printed once a second. One thread.
class DateLine {
 public:
  std::string_view now();

 private:
  std::time_t at_ = -1;
  std::string text_;
};

}  // namespace slipway::net
