#pragma once

#include "vcs/git.h"

#include <optional>

namespace slipway::vcs {

/// The three trees of a merge.
struct MergeTrees {
  git_oid ancestor;
  git_oid ours;
  git_oid theirs;
};

/// Merges folder by folder, as long as no single file was touched by both sides; nothing when one was, even
/// alike: that is libgit2's to merge or to call a conflict. Where there is a result it is libgit2's (a rename
/// plays a part only where both sides touched its file), at the cost of the folders that differ: 1 ms instead
/// of 50 in a tree of 8,000 files. The trees are guarded (tree_guard.h) by the caller. New trees are written
/// to the repository's objects.
std::optional<git_oid> simple_merge(git_repository* repository, const MergeTrees& trees);

}  // namespace slipway::vcs
