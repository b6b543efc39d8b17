#pragma once

#include "templates/document.h"
#include "templates/message.h"

#include <string>
#include <vector>

namespace slipway::templates {

/// One row a project, in the given order. The columns of policies and machines are left out when no project
/// has any.
Table project_table(const std::vector<const ProjectReport*>& projects, const std::string& command);

}  // namespace slipway::templates
