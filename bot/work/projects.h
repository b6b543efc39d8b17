#pragma once

#include "bot/change/event.h"
#include "bot/work/tools.h"

#include <string>
#include <vector>

namespace slipway::work {

/// The projects that a change from one tree to another touches (contract.md, "Projects and state").
struct Found {
  std::vector<change::event::FoundProject> projects;
  std::vector<std::string> notes;  // removed projects, and the like: a sentence each
};
Found find_projects(const Tools& tools, vcs::Repository& repository, const config::RepoConfig& config,
                    const Sha& from_tree, const Sha& to_tree);

/// Why a project of this module is planned only; empty: it can be applied.
std::string cannot_apply(const runner::Module& module, const config::RepoConfig& config,
                         const ProjectId& project);

}  // namespace slipway::work
