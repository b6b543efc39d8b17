#pragma once

#include <chrono>
#include <cstdint>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace slipway {

struct ChildRequest {
  std::string name;   // "fetch", "jq": the word after "slipway internal"
  std::string input;  // its stdin: the one place where a token may be
  std::chrono::milliseconds time_limit{60'000};
  std::uint64_t memory_limit = 0;  // bytes of address space; 0 is none
  std::uint64_t cpu_seconds = 0;   // 0 is none
  std::uint64_t file_limit = 0;    // bytes of the largest file it may write; 0 is none
  std::size_t max_output = 64u << 20;
};

struct ChildAnswer {
  int code = -1;  // -1 when a signal ended it
  int signal = 0;
  bool timed_out = false;
  bool too_much_output = false;
  std::string output;
  std::string errors;  // its stderr, the last 64 KiB
};

/// Runs a part of this program in a child process of its own, with an empty environment: what may hang, leak
/// or be attacked ends with it. Any thread. Throws Failure when it can't be started, Stopped (the child is
/// killed) on a stop.
class Children {
 public:
  virtual ~Children() = default;
  virtual ChildAnswer ask(const ChildRequest& request, std::stop_token stop) = 0;
};

}  // namespace slipway
