#pragma once

#include "core/guarded.h"
#include "state/state.h"

#include <string>
#include <thread>
#include <vector>

namespace slipway::state {

/// The http backend at a loopback port, one request at a time: just enough HTTP for Terraform, and answer()
/// behind it.
class BackendServer {
 public:
  BackendServer();
  ~BackendServer();
  BackendServer(const BackendServer&) = delete;
  BackendServer& operator=(const BackendServer&) = delete;

  std::string address() const;  // http://127.0.0.1:PORT/state
  void lock_as(const std::string& info);
  void may_write(bool may);

  struct Held {
    BackendHeld held;
    std::string state;
    bool may_write = true;
    std::vector<std::string> log;  // "POST 200"
  };
  Held held() const;

 private:
  void serve();
  void converse(int connection);

  Guarded<Held> held_;
  int listener_ = -1;
  int port_ = 0;
  std::jthread thread_;
};

}  // namespace slipway::state
