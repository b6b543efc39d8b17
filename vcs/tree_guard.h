#pragma once

#include "vcs/git.h"

#include <cstddef>
#include <map>

namespace slipway::vcs {

inline constexpr std::size_t kMaxTreeEntries =
    500'000;  // files and folders, each as often as it stands in the tree
inline constexpr std::size_t kMaxTreeDepth = 100;
inline constexpr std::size_t kMaxTreePath = 3'000;  // bytes of a path below the root
inline constexpr std::size_t kMaxTreeName = 255;

/// Opens trees that anybody may have made, for work that visits all of them. Throws Failure (Never) when one
/// is a bomb (a few objects that unfold to billions of files), is too deep, or holds a name that no honest
/// tree has: "", ".", "..",
/// ".git" in any case, its short form git~1, one with a control character, or an overlong one. Reads each
/// folder's object once, however often it stands in these trees.
class TreeGuard {
 public:
  explicit TreeGuard(git_repository* repository) : repository_(repository) {}

  GitTree open(const Sha& tree);

 private:
  /// Of a folder when it is unfolded: what lies below it.
  struct Size {
    std::size_t entries = 0;
    std::size_t depth = 0;
    std::size_t path = 0;
  };
  struct ById {
    bool operator()(const git_oid& a, const git_oid& b) const { return git_oid_cmp(&a, &b) < 0; }
  };
  Size measure(const git_tree* tree, std::size_t above);

  git_repository* repository_;
  std::map<git_oid, Size, ById> known_;
  std::size_t visited_ = 0;
};

}  // namespace slipway::vcs
