#pragma once

#include "templates/document.h"
#include "templates/message.h"

#include <string>

namespace slipway::templates {

/// How a section stands in its comment.
struct SectionStyle {
  std::string command;    // the prefix people type
  bool alone = false;     // the only project: open, whatever its length
  bool finished = false;  // nothing is left to do anywhere: folded
};

/// A project that changes something, failed, or has something to say gets a section.
bool has_section(const ProjectReport& report);
Details project_section(const ProjectReport& report, const SectionStyle& style);

/// "plan `7f3a9e` good until state serial 42 moves or Nov 29, 12:00 UTC"; empty when there is no plan to be
/// applied.
Inline plan_kept_until(const ProjectReport& report);

}  // namespace slipway::templates
