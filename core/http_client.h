#pragma once

#include <chrono>
#include <cstddef>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace slipway {

using HttpHeader = std::pair<std::string, std::string>;

inline constexpr std::chrono::seconds kHttpTimeout{30};
inline constexpr std::size_t kMaxHttpResponse = 32u << 20;

struct HttpRequest {
  std::string method = "GET";
  std::string url;  // http:// or https://
  std::vector<HttpHeader> headers;
  std::string body;
  std::chrono::milliseconds timeout = kHttpTimeout;  // for the whole exchange
  std::size_t max_response = kMaxHttpResponse;       // bytes
};

struct HttpResponse {
  int status = 0;
  std::vector<HttpHeader> headers;
  std::string body;

  /// First value of a header, by its name in any case; empty when there is none.
  std::string_view header(std::string_view name) const;
};

/// Keeps connections alive per host. Any thread; each call blocks its own. Follows no redirects. Throws
/// Failure (Retry::Later) when no whole answer came in time, Stopped when asked to stop; any status is an
/// answer.
class HttpClient {
 public:
  virtual ~HttpClient() = default;
  virtual HttpResponse send(const HttpRequest& request, std::stop_token stop) = 0;
};

}  // namespace slipway
