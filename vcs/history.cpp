#include "vcs/history.h"

#include "core/failure.h"
#include "vcs/tree_guard.h"

#include <fmt/format.h>

#include <algorithm>

namespace slipway::vcs {
namespace {

/// nullptr for the empty tree, as libgit2's diff has it.
GitTree tree_or_none(TreeGuard& guard, const Sha& tree) {
  return tree.empty() ? GitTree() : guard.open(tree);
}

void add_entries(git_repository* repository, const git_tree* tree, const std::string& folder,
                 std::vector<TreeEntry>& out) {
  const std::size_t count = git_tree_entrycount(tree);
  for (std::size_t i = 0; i < count; ++i) {
    const git_tree_entry* entry = git_tree_entry_byindex(tree, i);
    const git_oid* id = git_tree_entry_id(entry);
    const git_filemode_t mode = git_tree_entry_filemode(entry);
    std::string path = folder + git_tree_entry_name(entry);
    if (mode == GIT_FILEMODE_TREE) {
      const auto below = made<GitTree>("reading a folder", git_tree_lookup, repository, id);
      add_entries(repository, below.get(), path + '/', out);
    } else {
      out.push_back({std::move(path), sha_of(*id), static_cast<std::uint32_t>(mode)});
    }
  }
}

}  // namespace

Sha common_ancestor(git_repository* repository, const Sha& a, const Sha& b) {
  const GitCommit one = commit_of(repository, a);
  const GitCommit other = commit_of(repository, b);
  git_oid common;
  const int code = git_merge_base(&common, repository, git_commit_id(one.get()), git_commit_id(other.get()));
  if (code == GIT_ENOTFOUND) return {};
  must(code, "looking for the common ancestor");
  return sha_of(common);
}

bool reaches(git_repository* repository, const Sha& commit, const Sha& ancestor) {
  const GitCommit newer = commit_of(repository, commit);
  const git_oid older = oid_of(ancestor);
  if (git_oid_equal(git_commit_id(newer.get()), &older)) return true;
  const GitOdb odb = made<GitOdb>("opening the objects", git_repository_odb, repository);
  if (git_odb_exists(odb.get(), &older) == 0) return false;  // what was never fetched is reached by nothing
  return must(git_graph_descendant_of(repository, git_commit_id(newer.get()), &older), "comparing commits") ==
         1;
}

std::vector<Sha> parents_of(git_repository* repository, const Sha& commit) {
  const GitCommit of = commit_of(repository, commit);
  std::vector<Sha> out;
  for (unsigned i = 0; i < git_commit_parentcount(of.get()); ++i)
    out.push_back(sha_of(*git_commit_parent_id(of.get(), i)));
  return out;
}

std::vector<Sha> first_parent_line(git_repository* repository, const Sha& from, const Sha& until,
                                   std::size_t limit) {
  std::vector<Sha> line;
  for (Sha at = from; line.size() < limit && at != until;) {
    const GitCommit commit = commit_of(repository, at);
    line.push_back(at);
    if (git_commit_parentcount(commit.get()) == 0) break;
    at = sha_of(*git_commit_parent_id(commit.get(), 0));
  }
  return line;
}

std::vector<PathChange> changed_paths(git_repository* repository, const Sha& from_tree, const Sha& to_tree) {
  TreeGuard guard(repository);
  const GitTree from = tree_or_none(guard, from_tree);
  const GitTree to = tree_or_none(guard, to_tree);
  git_diff_options options = GIT_DIFF_OPTIONS_INIT;
  options.flags = GIT_DIFF_INCLUDE_TYPECHANGE | GIT_DIFF_SKIP_BINARY_CHECK;
  const auto diff =
      made<GitDiff>("comparing trees", git_diff_tree_to_tree, repository, from.get(), to.get(), &options);
  must(git_diff_find_similar(diff.get(), nullptr), "looking for renames");
  std::vector<PathChange> out;
  for (std::size_t i = 0; i < git_diff_num_deltas(diff.get()); ++i) {
    const git_diff_delta* delta = git_diff_get_delta(diff.get(), i);
    out.push_back({delta->new_file.path, delta->old_file.path, delta->status == GIT_DELTA_DELETED});
  }
  std::sort(out.begin(), out.end(), [](const PathChange& a, const PathChange& b) { return a.path < b.path; });
  return out;
}

std::vector<TreeEntry> entries_of(git_repository* repository, const Sha& tree) {
  const GitTree root = TreeGuard(repository).open(tree);
  std::vector<TreeEntry> out;
  add_entries(repository, root.get(), "", out);
  std::sort(out.begin(), out.end(), [](const TreeEntry& a, const TreeEntry& b) { return a.path < b.path; });
  return out;
}

std::optional<TreeEntry> entry_of(git_repository* repository, const Sha& tree, const std::string& path) {
  const GitTree root = TreeGuard(repository).open(tree);
  git_tree_entry* entry = nullptr;
  const int code = git_tree_entry_bypath(&entry, root.get(), path.c_str());
  if (code == GIT_ENOTFOUND) return {};
  must(code, "looking for a file");
  const GitOwned<git_tree_entry, git_tree_entry_free> found(entry);
  return TreeEntry{path, sha_of(*git_tree_entry_id(entry)),
                   static_cast<std::uint32_t>(git_tree_entry_filemode(entry))};
}

std::string blob_of(git_repository* repository, const Sha& blob, std::size_t limit) {
  const git_oid oid = oid_of(blob);
  const GitOdb odb = made<GitOdb>("opening the objects", git_repository_odb, repository);
  std::size_t size = 0;
  git_object_t type = GIT_OBJECT_INVALID;
  must(git_odb_read_header(&size, &type, odb.get(), &oid), "reading a file");
  if (size > limit)
    throw Failure(fmt::format("a file of {} bytes is larger than the {} that are read", size, limit));
  const auto object = made<GitBlob>("reading a file", git_blob_lookup, repository, &oid);
  return {static_cast<const char*>(git_blob_rawcontent(object.get())),
          static_cast<std::size_t>(git_blob_rawsize(object.get()))};
}

}  // namespace slipway::vcs
