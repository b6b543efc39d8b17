#pragma once

#include <cstdint>
#include <string>
#include <thread>

namespace slipway::hooks {

/// A listening TCP socket at a free loopback port.
class Listener {
 public:
  Listener();
  ~Listener();
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;
  std::uint16_t port() const { return port_; }
  /// -1 when it was closed.
  int accept() const;
  void close();

 private:
  int socket_;
  std::uint16_t port_ = 0;
};

/// Answers every request with one JSON text, as /sd/prometheus does.
class JsonServer {
 public:
  explicit JsonServer(std::string body);
  ~JsonServer();
  JsonServer(const JsonServer&) = delete;
  JsonServer& operator=(const JsonServer&) = delete;
  std::uint16_t port() const { return listener_.port(); }

 private:
  Listener listener_;
  std::jthread thread_;
};

/// A free port, for a program that is told where to listen.
std::uint16_t free_port();

/// The body of an answer with status 200; empty when there is none.
std::string get(std::uint16_t port, const std::string& target);

}  // namespace slipway::hooks
