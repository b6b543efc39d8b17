#pragma once

#include "bot/net/limits.h"
#include "bot/net/router.h"
#include "core/http_client.h"

#include <cstdint>
#include <memory>
#include <string>

namespace slipway::net {

/// Paths of PEM files.
struct TlsFiles {
  std::string certificate;  // with its chain
  std::string key;
};

struct ServerOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;  // 0: a free one
  TlsFiles tls;            // empty: plain HTTP
  Limits limits;
};

/// The rim: accept, serve, shut down, on one thread; handlers run on a pool of kHandlerThreads. Bodies,
/// headers and waits are bounded (limits.h). Throws Failure when it can't listen.
class HttpServer {
 public:
  /// `router` must outlive it and not change any more.
  HttpServer(const ServerOptions& options, const Router& router);
  /// Stops without grace, but waits for handlers that run.
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  std::uint16_t port() const;
  /// New connections are refused, open ones are answered and closed; returns when all are gone or `grace` is
  /// over.
  void stop(std::chrono::milliseconds grace);
  /// For /metrics.
  struct Counts {
    std::uint64_t connections = 0;
    std::uint64_t requests = 0;
    std::uint64_t refused = 0;  // over a limit, or cut
  };
  Counts counts() const;

 private:
  struct Rim;
  std::unique_ptr<Rim> rim_;
};

/// Keep-alive per host, TLS by libssl with `ca_file` added to the system's authorities (host name checked).
std::unique_ptr<HttpClient> make_http_client(const std::string& ca_file);

}  // namespace slipway::net
