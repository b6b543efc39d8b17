#include "vcs/tree_guard.h"

#include "core/failure.h"
#include "vcs/text.h"

#include <fmt/format.h>
#include <strings.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <string>

namespace slipway::vcs {
namespace {

struct ById {
  bool operator()(const git_oid& a, const git_oid& b) const { return git_oid_cmp(&a, &b) < 0; }
};

bool hostile(std::string_view name) {
  if (name.empty() || name.size() > kMaxTreeName || name == "." || name == "..") return true;
  const auto odd = [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7f || c == '/';
  };
  if (std::any_of(name.begin(), name.end(), odd)) return true;
  const std::string word(name);
  return strcasecmp(word.c_str(), ".git") == 0 || strcasecmp(word.c_str(), "git~1") == 0;
}

/// How large a tree is when it is unfolded, and how deep and long below each folder.
class Measure {
 public:
  explicit Measure(git_repository* repository) : repository_(repository) {}

  struct Size {
    std::size_t entries = 0;
    std::size_t depth = 0;
    std::size_t path = 0;
  };

  Size of(const git_tree* tree, std::size_t above) {
    if (above > kMaxTreeDepth) refuse(fmt::format("is deeper than {} folders", kMaxTreeDepth));
    const git_oid id = *git_tree_id(tree);
    if (const auto known = known_.find(id); known != known_.end()) return known->second;
    Size size;
    const std::size_t count = git_tree_entrycount(tree);
    for (std::size_t i = 0; i < count; ++i) {
      const git_tree_entry* entry = git_tree_entry_byindex(tree, i);
      const std::string_view name = git_tree_entry_name(entry);
      if (hostile(name)) refuse(fmt::format("holds the name \"{}\"", one_line(name, 100)));
      Size below;
      if (git_tree_entry_filemode(entry) == GIT_FILEMODE_TREE) {
        const auto folder =
            made<GitTree>("reading a folder", git_tree_lookup, repository_, git_tree_entry_id(entry));
        below = of(folder.get(), above + 1);
      }
      size.entries += 1 + below.entries;
      size.depth = std::max(size.depth, below.depth + 1);
      size.path = std::max(size.path, name.size() + 1 + below.path);
      if (size.entries > kMaxTreeEntries || ++visited_ > kMaxTreeEntries)
        refuse(fmt::format("has more than {} files", kMaxTreeEntries));
    }
    if (above + size.depth > kMaxTreeDepth) refuse(fmt::format("is deeper than {} folders", kMaxTreeDepth));
    if (size.path > kMaxTreePath) refuse(fmt::format("has a path longer than {} bytes", kMaxTreePath));
    known_.emplace(id, size);
    return size;
  }

 private:
  [[noreturn]] static void refuse(const std::string& why) {
    throw Failure("the commit is refused: its tree " + why, Retry::Never);
  }

  git_repository* repository_;
  std::map<git_oid, Size, ById> known_;
  std::size_t visited_ = 0;
};

}  // namespace

GitTree guarded_tree(git_repository* repository, const Sha& tree) {
  const git_oid oid = oid_of(tree);
  GitTree root = made<GitTree>("reading a tree", git_tree_lookup, repository, &oid);
  Measure(repository).of(root.get(), 0);
  return root;
}

}  // namespace slipway::vcs
