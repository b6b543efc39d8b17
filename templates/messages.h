#pragma once

#include "templates/document.h"
#include "templates/message.h"

namespace slipway::templates {

/// Each message as what it says; plan_comment.h has the sticky comment.
Document result_notice(const ResultNotice& notice);
Document reply(const Reply& reply);
Document project_issue(const ProjectIssue& issue);

}  // namespace slipway::templates
