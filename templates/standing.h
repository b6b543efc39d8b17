#pragma once

#include "templates/document.h"
#include "templates/message.h"

#include <string_view>
#include <vector>

namespace slipway::templates {

/// How a project stands, worst first: the order of rows and sections, and the emoji beside a word of each
/// row.
enum class Standing { ApplyFailed, Danger, PlanFailed, Changes, Working, Waiting, Nothing, Done };
Standing standing(const ProjectReport& report);
std::string_view emoji(Standing standing);

/// By standing, then by name. What an earlier commit touched and this one, or what was merged, does not is
/// left out.
std::vector<const ProjectReport*> worst_first(const PullReport& report);
std::vector<const ProjectReport*> worst_first(const std::vector<ProjectReport>& projects);

/// The state needs no more of anybody: applied, nothing to do, or discarded.
bool ended(const ProjectReport& report);
/// Applied from this pull request, which was closed without a merge: what is asked is to take that back. Else
/// nullptr.
const phase::Trigger* left_behind(const ProjectReport& report);
bool any_left_behind(const std::vector<const ProjectReport*>& projects);
/// Its pull request is open, and the merge queue that had it applied did not merge it.
bool was_let_go(const ProjectReport& report);
/// It was applied, whatever became of its machines.
bool was_applied(const ProjectReport& report);
/// What its apply did is not in its state yet, so nobody knows what is left.
bool waits_to_be_written(const ProjectReport& report);
/// The changes of its plan are still ahead, or under way.
bool changes_ahead(const ProjectReport& report);

/// A project's name outside of code: as words when it is a plain path, else as code, since a directory may be
/// called anything.
Inline name_of_project(const ProjectReport& report);
/// The same as code.
Inline project_code(const ProjectReport& report);

}  // namespace slipway::templates
