#include "bot/net/url.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace slipway::net {
namespace {

constexpr std::size_t kMaxHost = 253;  // RFC 1035

bool is_visible(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c != 0x7F; });
}

bool is_host(std::string_view text) {
  return !text.empty() && text.size() <= kMaxHost &&
         text.find_first_of("@:/\\[]%\"<>") == std::string_view::npos;
}

std::string bracketed(const std::string& host) {
  return host.find(':') == std::string::npos ? host : '[' + host + ']';
}

/// "host", "host:port", "[::1]:port".
Result<void> parse_authority(std::string_view text, Url& url) {
  std::string_view host = text.substr(0, text.find(':'));
  std::string_view port = text.substr(host.size());
  if (text.starts_with('[')) {
    const std::size_t end = text.find(']');
    if (end == std::string_view::npos) return refuse("the address lacks its ]");
    host = text.substr(1, end - 1);
    port = text.substr(end + 1);
    if (host.empty() || host.find_first_not_of("0123456789abcdefABCDEF:.") != std::string_view::npos)
      return refuse("only an IPv6 address stands in brackets");
  } else if (!is_host(host)) {
    return refuse("the host is missing or no name");
  }
  url.host = host;
  if (port.empty()) return {};
  if (!port.starts_with(':')) return refuse("only a port stands behind an address");
  port.remove_prefix(1);
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), url.port);
  if (error != std::errc() || end != port.data() + port.size() || url.port == 0)
    return refuse("the port is a number from 1 to 65535");
  return {};
}

}  // namespace

std::string Url::place() const { return fmt::format("{}:{}", bracketed(host), port); }

std::string Url::authority() const { return port == (is_secure ? 443 : 80) ? bracketed(host) : place(); }

Result<Url> parse_url(std::string_view text) {
  if (!is_visible(text)) return refuse("a URL has no spaces, control characters or letters beyond ASCII");
  Url url;
  url.is_secure = text.starts_with("https://");
  if (!url.is_secure && !text.starts_with("http://")) return refuse("a URL begins with https:// or http://");
  url.port = url.is_secure ? 443 : 80;
  text.remove_prefix(text.find("//") + 2);
  text = text.substr(0, text.find('#'));
  const std::string_view authority = text.substr(0, text.find_first_of("/?"));
  if (authority.find('@') != std::string_view::npos)
    return refuse("a URL with a name or password before its host is refused");
  if (auto parsed = parse_authority(authority, url); !parsed) return tl::unexpected(parsed.error());
  text.remove_prefix(authority.size());
  if (text.starts_with('/')) {
    url.target = text;
  } else {
    url.target += text;
  }
  return url;
}

}  // namespace slipway::net
