#pragma once

#include <string_view>

namespace slipway {

/// Runs the child NAME of this test program: request on stdin, answer on stdout, the exit code returned.
int child_main(std::string_view name);

}  // namespace slipway
