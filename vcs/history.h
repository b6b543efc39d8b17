#pragma once

#include "vcs/git.h"
#include "vcs/repository.h"

#include <optional>
#include <string>
#include <vector>

namespace slipway::vcs {

/// What the graph of commits says. A commit that the mirror does not have is a Failure.

/// Empty when they have no history in common.
Sha common_ancestor(git_repository* repository, const Sha& a, const Sha& b);
bool reaches(git_repository* repository, const Sha& commit, const Sha& ancestor);
std::vector<Sha> parents_of(git_repository* repository, const Sha& commit);
/// `from` first; ends before `until`, at the root, or after `limit`.
std::vector<Sha> first_parent_line(git_repository* repository, const Sha& from, const Sha& until,
                                   std::size_t limit);
/// Between two trees, with renames; an empty id stands for the empty tree. By path.
std::vector<PathChange> changed_paths(git_repository* repository, const Sha& from_tree, const Sha& to_tree);
/// Every file of a tree, by path.
std::vector<TreeEntry> entries_of(git_repository* repository, const Sha& tree);
/// One file or folder of a tree; nothing when it isn't there.
std::optional<TreeEntry> entry_of(git_repository* repository, const Sha& tree, const std::string& path);
/// Throws Failure when it is larger than `limit`, before it is read.
std::string blob_of(git_repository* repository, const Sha& blob, std::size_t limit);

}  // namespace slipway::vcs
