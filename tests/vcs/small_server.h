#pragma once

#include "core/guarded.h"

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace slipway::vcs {

/// An HTTP server on loopback, on a thread of its own, one connection after the other, each closed after its
/// answer.
class SmallServer {
 public:
  struct Seen {
    std::string method;
    std::string target;
    std::map<std::string, std::string> headers;  // names in lower case
    std::string body;
  };
  struct Told {
    int status = 200;
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
  };
  using Answer = std::function<Told(const Seen&)>;

  explicit SmallServer(Answer answer);
  ~SmallServer();
  SmallServer(const SmallServer&) = delete;
  SmallServer& operator=(const SmallServer&) = delete;

  std::string url() const;
  std::vector<Seen> seen() const;

 private:
  void serve(const std::stop_token& stop);
  void talk(int connection);

  Answer answer_;
  std::uint16_t port_ = 0;  // before the listener, which finds it
  int listener_;
  Guarded<std::vector<Seen>> seen_;
  std::jthread thread_;
};

/// Accepts connections, reads, and never answers.
class SilentServer {
 public:
  SilentServer();
  ~SilentServer();
  SilentServer(const SilentServer&) = delete;
  SilentServer& operator=(const SilentServer&) = delete;
  std::string url() const;

 private:
  std::uint16_t port_ = 0;  // before the listener, which finds it
  int listener_;
};

/// Serves the bare repositories below `root` as git's smart HTTP protocol has it; with a password, to nobody
/// without.
SmallServer::Answer git_over_http(std::string root, std::string password = {});

}  // namespace slipway::vcs
