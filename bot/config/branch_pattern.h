#pragma once

#include "bot/config/config.h"

#include <string>
#include <string_view>

namespace slipway::config {

inline constexpr std::size_t kMaxBranchPattern = 256;  // bytes

/// Atlantis' `branch:` of a project, a regular expression between slashes: /^release-.*/. Throws
/// SettingsError.
std::string read_branch_pattern(const Settings& value);

/// Takes out the projects that are not for this base branch. With all of them gone none is found from the
/// tree instead.
void keep_projects_of_branch(RepoConfig& config, std::string_view branch);

}  // namespace slipway::config
