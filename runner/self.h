#pragma once

#include "runner/process.h"

#include <string>
#include <string_view>

namespace slipway::runner {

/// Where a child of this program finds what it was given (runner/process.h numbers what is passed).
inline constexpr int kRequestFd = 3;  // the request to `internal enter`, as JSON
inline constexpr int kSelfFd = 4;     // this program, to be executed again
inline constexpr int kReportFd = 5;   // a socket: "here I am", or what went wrong before the command ran
inline constexpr int kKeptFd = 6;     // held open until the last process is gone

/// This program's executable, as it was when this process started. Opened at the first call, which
/// remember_self makes.
int self();

/// /proc/self/fd/4: the program that a child was given at kSelfFd.
std::string passed_self();

/// {"slipway", "internal", name}
std::vector<std::string> internal_argv(std::string_view name);

}  // namespace slipway::runner
