#include "bot/config/branch_pattern.h"

#include <fmt/format.h>

#include <regex>

namespace slipway::config {

std::string read_branch_pattern(const Settings& value) {
  const std::string& text = value.scalar();
  if (text.size() < 2 || text.front() != '/' || text.back() != '/')
    value.refuse(fmt::format("`branch` is a regular expression between slashes; write /^{}$/", text));
  if (text.size() > kMaxBranchPattern)
    value.refuse(fmt::format("a `branch` has at most {} characters", kMaxBranchPattern));
  std::string pattern = text.substr(1, text.size() - 2);
  try {
    static_cast<void>(std::regex(pattern));
  } catch (const std::regex_error&) {
    value.refuse(fmt::format("\"{}\" is no regular expression", text));
  }
  return pattern;
}

void keep_projects_of_branch(RepoConfig& config, std::string_view branch) {
  const std::string name(branch);
  const auto gone = std::erase_if(config.projects, [&](const ProjectEntry& project) {
    return !project.base_branch.empty() && !std::regex_search(name, std::regex(project.base_branch));
  });
  if (gone > 0 && config.projects.empty() && config.discovery == Discovery::Unlisted)
    config.discovery = Discovery::Never;
}

}  // namespace slipway::config
