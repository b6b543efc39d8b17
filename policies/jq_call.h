#pragma once

#include "core/children.h"
#include "core/json.h"
#include "core/result.h"

#include <chrono>
#include <cstdint>
#include <stop_token>
#include <string>
#include <vector>

namespace slipway::policies {

/// What one run of a jq program may take. A plan of 50,000 changes (63 MB) needs 2 s and 400 MB. More memory
/// is no use: beyond 1 GiB libjq 1.6 counts the bytes of its stack wrongly.
struct JqLimits {
  std::chrono::seconds time{60};
  std::uint64_t processor_seconds = 30;
  std::uint64_t memory = 1ull << 30;  // bytes of address space
  std::size_t output = 32u << 20;     // bytes of JSON
};
inline constexpr std::size_t kMaxJqProgram = 256u << 10;

/// A jq program, and what it is run on: a document on disk, which may be large, or values.
struct JqCall {
  std::string program;
  Json arguments = Json::object();  // {"with": …} is $with
  std::string document;             // path of the one input; empty: `inputs`
  std::vector<Json> inputs;         // may be none: then the program is only compiled
  JqLimits limits;
};

/// Everything the program yields for each input. Each call is a child process that has no environment, loads
/// no modules and can open nothing (jq_child.cpp). An error is the program's own; `place` is the line where
/// it doesn't compile. Throws Failure when no child can be started, Stopped.
Result<std::vector<std::vector<Json>>> run_jq(Children& children, const JqCall& call, std::stop_token stop);

/// The child's side of it. On stdin: a line with the call's head, then each input on a line. On stdout: a
/// line for each input with the list of what was yielded, then a line that says how it ended.
struct JqHead {
  std::string program;
  Json arguments;
  std::string document;
};
std::string to_line(const JqHead& head);
Result<JqHead> read_head(std::string_view line);
std::string end_line();
std::string end_line(const ParseError& error);

/// The child's exit code when it could not have the memory it needed.
inline constexpr int kJqOutOfMemory = 3;

}  // namespace slipway::policies
