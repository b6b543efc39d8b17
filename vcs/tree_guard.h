#pragma once

#include "vcs/git.h"

#include <cstddef>
#include <string_view>

namespace slipway::vcs {

inline constexpr std::size_t kMaxTreeEntries =
    500'000;  // files and folders, each as often as it stands in the tree
inline constexpr std::size_t kMaxTreeDepth = 100;
inline constexpr std::size_t kMaxTreePath = 3'000;  // bytes of a path below the root
inline constexpr std::size_t kMaxTreeName = 255;

/// Opens a tree that anybody may have made, for work that visits all of it. Throws Failure (Never) when it is
/// a bomb (a few objects that unfold to billions of files), is too deep, or holds a name that no honest tree
/// has: "", ".", "..",
/// ".git" in any case, its short form git~1, one with a control character, or an overlong one. Reads each
/// folder's object once, however often it stands in the tree.
GitTree guarded_tree(git_repository* repository, const Sha& tree);

}  // namespace slipway::vcs
