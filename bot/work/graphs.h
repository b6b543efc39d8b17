#pragma once

#include "core/guarded.h"
#include "core/ids.h"
#include "runner/hcl/modules.h"
#include "vcs/repository.h"

#include <cstddef>
#include <list>
#include <memory>
#include <string>
#include <utility>

namespace slipway::work {

inline constexpr std::size_t kGraphsKept = 16;

/// Module graphs of trees, read once per tree. Any thread.
class Graphs {
 public:
  std::shared_ptr<const runner::ModuleGraph> of(vcs::Repository& repository, const Sha& tree);

 private:
  using Entry = std::pair<Sha, std::shared_ptr<const runner::ModuleGraph>>;
  Guarded<std::list<Entry>> kept_;  // newest first
};

/// Digest of what a plan of `dir` may read in this tree: its closure, or the whole tree where that can't be
/// proven.
std::string files_digest(vcs::Repository& repository, const runner::ModuleGraph& graph, const Sha& tree,
                         const std::string& dir);

/// Digest of those of these files that are no configuration of Terraform: a provisioner may run them, and it
/// reads them at the apply.
std::string scripts_digest(vcs::Repository& repository, const runner::ModuleGraph& graph, const Sha& tree,
                           const std::string& dir);

}  // namespace slipway::work
