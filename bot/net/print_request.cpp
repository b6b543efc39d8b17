#include "bot/net/print_request.h"

#include "bot/net/header_name.h"
#include "core/failure.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

namespace slipway::net {
namespace {

constexpr std::string_view kTokenMarks = "!#$%&'*+-.^_`|~";

/// RFC 9110, 5.6.2.
bool is_token(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'z') ||
           kTokenMarks.find(c) != kTokenMarks.npos;
  });
}

bool is_value(std::string_view text) {
  return std::none_of(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7F;
  });
}

bool has_header(const HttpRequest& request, std::string_view name) {
  return std::any_of(request.headers.begin(), request.headers.end(),
                     [&](const HttpHeader& header) { return equal_names(header.first, name); });
}

}  // namespace

std::string print_request(const HttpRequest& request, const Url& url) {
  if (!is_token(request.method))
    throw Failure("cannot ask " + url.place() + ": \"" + request.method + "\" is no method");
  std::string wire;
  wire.reserve(512 + request.body.size());
  fmt::format_to(std::back_inserter(wire), "{} {} HTTP/1.1\r\nHost: {}\r\n", request.method, url.target,
                 url.authority());
  for (const auto& [name, value] : request.headers) {
    // The value may be a token: it is not repeated.
    if (!is_token(name) || !is_value(value))
      throw Failure("cannot ask " + url.place() + ": the header \"" + name + "\" has a control character");
    if (equal_names(name, "Host") || equal_names(name, "Content-Length") ||
        equal_names(name, "Transfer-Encoding"))
      continue;
    fmt::format_to(std::back_inserter(wire), "{}: {}\r\n", name, value);
  }
  if (!has_header(request, "User-Agent")) wire += "User-Agent: slipway\r\n";
  const bool announces_body =
      request.method == "POST" || request.method == "PUT" || request.method == "PATCH";
  if (announces_body || !request.body.empty())
    fmt::format_to(std::back_inserter(wire), "Content-Length: {}\r\n", request.body.size());
  wire += "\r\n";
  wire += request.body;
  return wire;
}

bool is_idempotent(std::string_view method) {
  constexpr std::array kMethods{"GET", "HEAD", "PUT", "DELETE", "OPTIONS"};
  return std::find(kMethods.begin(), kMethods.end(), method) != kMethods.end();
}

}  // namespace slipway::net
