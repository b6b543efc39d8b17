#pragma once

#include "runner/cli/session.h"
#include "runner/terraform.h"

#include <string>
#include <string_view>
#include <vector>

namespace slipway::runner {

/// The errors in what Terraform prints for people ("Error: SUMMARY", an empty line, the detail), where it
/// speaks no JSON.
std::vector<Diagnostic> diagnostics_in_text(std::string_view text);

/// What went wrong in a phase ("init", "plan", "show", "apply"), from how the command ended and what it
/// complained of.
RunFailed failed(std::string_view phase, const CommandEnd& said, const SandboxLimits& limits);

/// Id of the lock that an apply held when it could not write its state, where Terraform's words have it.
std::string held_lock(const std::vector<Diagnostic>& diagnostics);

/// Providers that a mirror hasn't got, or not with the checksums of the lock file: fetching them may help.
bool lacks_providers(const std::vector<Diagnostic>& diagnostics);
/// Modules that could not be had without the user's CLI configuration.
bool lacks_modules(const std::vector<Diagnostic>& diagnostics);
/// Terraform wants an init first.
bool wants_init(const std::vector<Diagnostic>& diagnostics);
/// The workspace isn't there yet, and others are.
bool lacks_workspace(const std::vector<Diagnostic>& diagnostics);
/// This Terraform doesn't know an option, as an older one doesn't know `init -json`.
bool refuses_option(const std::vector<Diagnostic>& diagnostics, std::string_view option);

/// "linux_amd64"
std::string platform();
/// Where the lock file knows a provider for other platforms only, says so, with the cure, in place of the
/// summary.
void explain_lock_file(RunFailed& failure, const std::string& tool, const std::string& dir);

}  // namespace slipway::runner
