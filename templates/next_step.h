#pragma once

#include "templates/document.h"
#include "templates/message.h"

#include <string>

namespace slipway::templates {

/// What happens next to a project, exactly: each state of a Change has its words (words/next.md).
Inline next_step_text(const ProjectReport& report, const std::string& command);

/// A policy's owners, as those to ask: "`@acme/dba` or `alice`".
Inline owners_text(const Verdict& verdict);

/// The verdict that weighs most of those that stand in the way: one that nobody may override, then a denial,
/// then a policy that could not be asked. nullptr when none does.
const Verdict* gravest_blocking(const std::vector<Verdict>& verdicts);

/// "`main.tf:14` reference to undeclared resource": a failure in one line.
Inline failure_text(const std::string& error, const std::vector<Diagnostic>& diagnostics);

/// "`ansible` of `web-03`: the playbook failed"
Inline hook_failure(const phase::HookFailure& failure);

/// "2nd"
std::string ordinal(std::size_t number);

}  // namespace slipway::templates
