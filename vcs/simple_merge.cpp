#include "vcs/simple_merge.h"

#include <set>
#include <string>

namespace slipway::vcs {
namespace {

/// What stands under one name in one of the trees; an entry that isn't there has mode 0.
struct Entry {
  git_oid id{};
  git_filemode_t mode = GIT_FILEMODE_UNREADABLE;

  bool operator==(const Entry& other) const {
    return mode == other.mode && (mode == GIT_FILEMODE_UNREADABLE || git_oid_equal(&id, &other.id) != 0);
  }
  bool is_folder() const { return mode == GIT_FILEMODE_TREE; }
};

Entry entry_of(const git_tree* tree, const std::string& name) {
  const git_tree_entry* found = git_tree_entry_byname(tree, name.c_str());
  if (found == nullptr) return {};
  return {*git_tree_entry_id(found), git_tree_entry_filemode(found)};
}

class SimpleMerge {
 public:
  explicit SimpleMerge(git_repository* repository) : repository_(repository) {}

  /// Nothing when both sides touched the same file.
  std::optional<Entry> folder(const MergeTrees& ids) {
    const GitTree ancestor = tree(ids.ancestor);
    const GitTree ours = tree(ids.ours);
    const GitTree theirs = tree(ids.theirs);
    const auto builder = made<GitTreebuilder>("merging a folder", git_treebuilder_new, repository_,
                                              static_cast<const git_tree*>(ours.get()));
    for (const auto& name : names({ancestor.get(), ours.get(), theirs.get()})) {
      const Entry mine = entry_of(ours.get(), name);
      const auto merged = entry(entry_of(ancestor.get(), name), mine, entry_of(theirs.get(), name));
      if (!merged) return {};
      if (!(*merged == mine)) place(builder.get(), name, *merged);
    }
    if (git_treebuilder_entrycount(builder.get()) == 0) return Entry{};  // git keeps no empty folders
    Entry out;
    out.mode = GIT_FILEMODE_TREE;
    must(git_treebuilder_write(&out.id, builder.get()), "writing a folder");
    return out;
  }

 private:
  std::optional<Entry> entry(const Entry& ancestor, const Entry& ours, const Entry& theirs) {
    if (theirs == ancestor) return ours;
    if (ours == ancestor) return theirs;
    // The same change on both sides is no simple case either: both may have moved one file, each to another
    // place.
    if (ours == theirs || !ancestor.is_folder() || !ours.is_folder() || !theirs.is_folder()) return {};
    return folder({ancestor.id, ours.id, theirs.id});
  }

  GitTree tree(const git_oid& id) const {
    return made<GitTree>("reading a folder", git_tree_lookup, repository_, &id);
  }

  static std::set<std::string> names(std::initializer_list<const git_tree*> trees) {
    std::set<std::string> out;
    for (const git_tree* tree : trees)
      for (std::size_t i = 0; i < git_tree_entrycount(tree); ++i)
        out.emplace(git_tree_entry_name(git_tree_entry_byindex(tree, i)));
    return out;
  }

  static void place(git_treebuilder* builder, const std::string& name, const Entry& entry) {
    if (entry.mode == GIT_FILEMODE_UNREADABLE) {
      must(git_treebuilder_remove(builder, name.c_str()), "merging a folder");
    } else {
      must(git_treebuilder_insert(nullptr, builder, name.c_str(), &entry.id, entry.mode), "merging a folder");
    }
  }

  git_repository* repository_;
};

}  // namespace

std::optional<git_oid> simple_merge(git_repository* repository, const MergeTrees& trees) {
  const auto root = SimpleMerge(repository).folder(trees);
  if (!root || !root->is_folder()) return {};
  return root->id;
}

}  // namespace slipway::vcs
