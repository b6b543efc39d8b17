#pragma once

#include "core/sandbox.h"

#include <string>
#include <vector>

namespace slipway::runner {

/// A terraform or tofu to be run, with what a sandbox must show for it to run: the program under each of its
/// names, the interpreter of a script, and what a wrapper script executes, as far as its text tells (absolute
/// paths, and the programs beside it).
struct Tool {
  std::string path;  // absolute, as it was asked for
  std::vector<Bind> binds;
};

/// By path, or by name on the server's PATH. Throws Failure when there is none, saying where it was looked
/// for.
Tool find_tool(const std::string& name);

}  // namespace slipway::runner
