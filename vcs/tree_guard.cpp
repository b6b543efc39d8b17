#include "vcs/tree_guard.h"

#include "core/failure.h"
#include "vcs/text.h"

#include <fmt/format.h>
#include <strings.h>

#include <algorithm>
#include <cstring>
#include <string>

namespace slipway::vcs {
namespace {

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

[[noreturn]] void refuse(const std::string& why) {
  throw Failure("the commit is refused: its tree " + why, Retry::Never);
}

}  // namespace

GitTree TreeGuard::open(const Sha& tree) {
  const git_oid oid = oid_of(tree);
  GitTree root = made<GitTree>("reading a tree", git_tree_lookup, repository_, &oid);
  measure(root.get(), 0);
  return root;
}

TreeGuard::Size TreeGuard::measure(const git_tree* tree, std::size_t above) {
  if (above > kMaxTreeDepth) refuse(fmt::format("is deeper than {} folders", kMaxTreeDepth));
  const git_oid id = *git_tree_id(tree);
  Size size;
  if (const auto known = known_.find(id); known != known_.end()) {
    size = known->second;
  } else {
    const std::size_t count = git_tree_entrycount(tree);
    for (std::size_t i = 0; i < count; ++i) {
      const git_tree_entry* entry = git_tree_entry_byindex(tree, i);
      const std::string_view name = git_tree_entry_name(entry);
      if (hostile(name)) refuse(fmt::format("holds the name \"{}\"", one_line(name, 100)));
      Size below;
      if (git_tree_entry_filemode(entry) == GIT_FILEMODE_TREE) {
        const auto folder =
            made<GitTree>("reading a folder", git_tree_lookup, repository_, git_tree_entry_id(entry));
        below = measure(folder.get(), above + 1);
      }
      size.entries += 1 + below.entries;
      size.depth = std::max(size.depth, below.depth + 1);
      size.path = std::max(size.path, name.size() + 1 + below.path);
      if (size.entries > kMaxTreeEntries || ++visited_ > kMaxTreeEntries)
        refuse(fmt::format("has more than {} files", kMaxTreeEntries));
    }
    known_.emplace(id, size);
  }
  if (above + size.depth > kMaxTreeDepth) refuse(fmt::format("is deeper than {} folders", kMaxTreeDepth));
  if (size.path > kMaxTreePath) refuse(fmt::format("has a path longer than {} bytes", kMaxTreePath));
  return size;
}

}  // namespace slipway::vcs
