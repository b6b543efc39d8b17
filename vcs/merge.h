#pragma once

#include "vcs/git.h"
#include "vcs/repository.h"

namespace slipway::vcs {

/// Merges two commits in memory, as a forge's merge button would: with renames, over a virtual base where the
/// histories cross, by the plain text driver (attributes name no other). Its trees go to the repository's
/// objects. Throws Failure (Never) when the histories have nothing in common.
MergeResult merge_commits(git_repository* repository, const Sha& base, const Sha& head);

}  // namespace slipway::vcs
