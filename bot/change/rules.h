#pragma once

#include "core/ids.h"

#include <map>
#include <string>
#include <vector>

namespace slipway::change {

enum class ApplyMode { OnMerge, OnComment, InQueue };
enum class Confirm { Writers, NotAuthor, Owners };

/// What the config says of a repository, as far as decisions need it (contract.md, `repos:`).
struct Rules {
  ApplyMode apply = ApplyMode::OnMerge;
  std::map<ProjectId, ApplyMode> apply_of;  // projects that the config gives a mode of their own
  Confirm confirm = Confirm::NotAuthor;
  std::vector<std::string> requirements;  // approved, mergeable, undiverged
  std::vector<std::string> owners;  // who may confirm with `confirm: owners`: owners of the repo's policies
  bool branch_counts = true;        // the pull request's base branch is among `branch:`

  /// A name that the config does not give is no contradiction.
  ApplyMode mode(const ProjectId& project) const {
    if (const auto found = apply_of.find(project); found != apply_of.end()) return found->second;
    for (const auto& [named, mode] : apply_of)
      if (named.dir == project.dir && named.workspace == project.workspace &&
          (named.name.empty() || project.name.empty()))
        return mode;
    return apply;
  }
};

}  // namespace slipway::change
