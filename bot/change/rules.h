#pragma once

#include <string>
#include <vector>

namespace slipway::change {

enum class ApplyMode { OnMerge, OnComment, InQueue };
enum class Confirm { Writers, NotAuthor, Owners };

/// What the config says of a repository, as far as decisions need it (contract.md, `repos:`).
struct Rules {
  ApplyMode apply = ApplyMode::OnMerge;
  Confirm confirm = Confirm::NotAuthor;
  std::vector<std::string> requirements;  // approved, mergeable, undiverged
  std::vector<std::string> owners;  // who may confirm with `confirm: owners`: owners of the repo's policies
  bool branch_counts = true;        // the pull request's base branch is among `branch:`
};

}  // namespace slipway::change
