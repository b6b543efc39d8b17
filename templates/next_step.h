#pragma once

#include <string>

#include "templates/document.h"
#include "templates/message.h"

namespace slipway::templates {

/// What happens next to a project, exactly: each state of a Change has its words (words/next.md).
Inline next_step_text(const ProjectReport& report, const std::string& command);

/// A policy's owners, as those to ask: "`@acme/dba` or `alice`".
Inline owners_text(const Verdict& verdict);

/// "`main.tf:14` reference to undeclared resource": a failure in one line.
Inline failure_text(const std::string& error, const std::vector<Diagnostic>& diagnostics);

/// "2nd"
std::string ordinal(std::size_t number);

}  // namespace slipway::templates
