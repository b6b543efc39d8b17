#pragma once

#include "runner/process.h"

#include <unistd.h>

#include <string>

namespace slipway::runner {

/// tests/runner/state_server.py, for the length of a test.
class StateServer {
 public:
  StateServer() : StateServer(make_pipe()) {}
  std::string address(const std::string& path) const { return "http://127.0.0.1:" + port_ + path; }
  static constexpr const char* kUser = "run-1";
  static constexpr const char* kPassword = "password-of-the-run";

 private:
  explicit StateServer(Pipe pipe) : process_(start(pipe.write.get())) {
    pipe.write.close();
    for (char c = 0; ::read(pipe.read.get(), &c, 1) == 1 && c != '\n';) port_ += c;
  }
  static Process start(int out) {
    Spawn spawn;
    spawn.program = "/usr/bin/python3";
    spawn.argv = {"python3", "-B", SLIPWAY_TEST_DIR "/state_server.py", kUser, kPassword};
    spawn.out = out;
    return Process::start(spawn);
  }

  Process process_;
  std::string port_;
};

}  // namespace slipway::runner
