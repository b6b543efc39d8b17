#include "bot/net/head.h"

#include "bot/net/header_name.h"

#include <fmt/format.h>

#include <array>
#include <iterator>

namespace slipway::net {
namespace {

std::string_view reason(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 201:
      return "Created";
    case 202:
      return "Accepted";
    case 204:
      return "No Content";
    case 301:
      return "Moved Permanently";
    case 302:
      return "Found";
    case 303:
      return "See Other";
    case 304:
      return "Not Modified";
    case 307:
      return "Temporary Redirect";
    case 308:
      return "Permanent Redirect";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 408:
      return "Request Timeout";
    case 409:
      return "Conflict";
    case 410:
      return "Gone";
    case 413:
      return "Content Too Large";
    case 415:
      return "Unsupported Media Type";
    case 422:
      return "Unprocessable Content";
    case 423:
      return "Locked";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 501:
      return "Not Implemented";
    case 502:
      return "Bad Gateway";
    case 503:
      return "Service Unavailable";
    default:
      return "";
  }
}

std::string_view find_header(const Response& response, std::string_view name) {
  for (const auto& [key, value] : response.headers)
    if (equal_names(key, name)) return value;
  return {};
}

/// Framing is the server's alone: a handler's word about it would let answers be read as two.
bool is_framing(std::string_view name) {
  return equal_names(name, "Content-Length") || equal_names(name, "Transfer-Encoding") ||
         equal_names(name, "Connection");
}

void print_header(std::string& out, std::string_view name, std::string_view value) {
  out += name;
  out += ": ";
  for (const char c : value) out += static_cast<unsigned char>(c) < 0x20 || c == 0x7F ? ' ' : c;
  out += "\r\n";
}

void print_defaults(std::string& out, const Response& response) {
  const auto add = [&](std::string_view name, std::string_view value) {
    if (find_header(response, name).empty()) print_header(out, name, value);
  };
  add("X-Content-Type-Options", "nosniff");
  if (!find_header(response, "Content-Type").starts_with("text/html")) return;
  add("Content-Security-Policy",
      "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'");
  add("Referrer-Policy", "same-origin");
}

}  // namespace

Framing::Framing(const Response& response, const Client& client)
    : has_body(response.status >= 200 && response.status != 204 && response.status != 304),
      close(!client.keeps),
      is_old(client.is_old) {
  if (!has_body) return;
  if (!response.stream) {
    length = response.body.size();
  } else if (is_old) {
    close = true;
  } else {
    chunked = true;
  }
}

void print_head(std::string& out, const Response& response, const Framing& framing, std::string_view date) {
  fmt::format_to(std::back_inserter(out), "HTTP/1.1 {} {}\r\n", response.status, reason(response.status));
  print_header(out, "Date", date);
  for (const auto& [name, value] : response.headers)
    if (!is_framing(name)) print_header(out, name, value);
  print_defaults(out, response);
  if (framing.length) fmt::format_to(std::back_inserter(out), "Content-Length: {}\r\n", *framing.length);
  if (framing.chunked) out += "Transfer-Encoding: chunked\r\n";
  if (framing.close) {
    out += "Connection: close\r\n";
  } else if (framing.is_old) {
    out += "Connection: keep-alive\r\n";
  }
  out += "\r\n";
}

void print_chunk(std::string& out, std::string_view bytes) {
  fmt::format_to(std::back_inserter(out), "{:x}\r\n", bytes.size());
  out += bytes;
  out += "\r\n";
}

std::string http_date(std::time_t time) {
  static constexpr std::array kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr std::array kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  std::tm parts{};
  ::gmtime_r(&time, &parts);
  return fmt::format("{}, {:02} {} {} {:02}:{:02}:{:02} GMT",
                     kDays.at(static_cast<std::size_t>(parts.tm_wday)), parts.tm_mday,
                     kMonths.at(static_cast<std::size_t>(parts.tm_mon)), parts.tm_year + 1900, parts.tm_hour,
                     parts.tm_min, parts.tm_sec);
}

std::string_view DateLine::now() {
  const std::time_t now = std::time(nullptr);
  if (now != at_) text_ = http_date(at_ = now);
  return text_;
}

}  // namespace slipway::net
