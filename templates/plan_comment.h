#pragma once

#include "templates/document.h"
#include "templates/message.h"

#include <string>
#include <vector>

namespace slipway::templates {

/// The sticky comment: heading, what is destroyed, the table, a section a project, what happens next, small
/// print. With no project and nothing to wait for there is nothing to say: the caller then says nothing.
Document plan_comment(const PullReport& report);

/// What happens next and who must act, over all projects: the sentence in bold.
Inline what_happens_next(const PullReport& report, const std::vector<const ProjectReport*>& projects);

/// What would be destroyed or replaced, in one paragraph; empty when nothing would.
Inline destroys_text(const std::vector<const ProjectReport*>& projects);

}  // namespace slipway::templates
