#include "vcs/merge.h"

#include "core/failure.h"
#include "vcs/simple_merge.h"
#include "vcs/tree_guard.h"

#include <fmt/format.h>

#include <set>

namespace slipway::vcs {
namespace {

Sha tree_id(const GitCommit& commit) { return sha_of(*git_commit_tree_id(commit.get())); }

/// Where the histories parted; more than one commit where they cross.
std::vector<git_oid> common_ancestors(git_repository* repository, const GitCommit& a, const GitCommit& b) {
  git_oidarray found{};
  const int code = git_merge_bases(&found, repository, git_commit_id(a.get()), git_commit_id(b.get()));
  if (code == GIT_ENOTFOUND) return {};
  must(code, "looking for the common ancestor");
  std::vector<git_oid> out(found.ids, found.ids + found.count);
  git_oidarray_dispose(&found);
  return out;
}

/// Each path once, whichever of the three sides it has left.
std::vector<std::string> conflicts_in(git_index* index) {
  const auto conflicts = made<GitConflicts>("listing conflicts", git_index_conflict_iterator_new, index);
  std::set<std::string> paths;
  const git_index_entry* ancestor = nullptr;
  const git_index_entry* ours = nullptr;
  const git_index_entry* theirs = nullptr;
  while (paths.size() < kMaxConflictsNamed) {
    const int code = git_index_conflict_next(&ancestor, &ours, &theirs, conflicts.get());
    if (code == GIT_ITEROVER) break;
    must(code, "listing conflicts");
    const git_index_entry* const side = ours != nullptr ? ours : theirs != nullptr ? theirs : ancestor;
    paths.insert(side->path);
  }
  return {paths.begin(), paths.end()};
}

}  // namespace

MergeResult merge_commits(git_repository* repository, const Sha& base, const Sha& head) {
  const GitCommit ours = commit_of(repository, base);
  const GitCommit theirs = commit_of(repository, head);
  // Both are looked at before libgit2 unfolds them.
  TreeGuard guard(repository);
  guard.open(tree_id(ours));
  guard.open(tree_id(theirs));

  const auto common = common_ancestors(repository, ours, theirs);
  if (common.empty())
    throw Failure(fmt::format("{} and {} have no history in common", short_sha(base), short_sha(head)));

  MergeResult result;
  result.base = base;
  result.head = head;
  if (git_oid_equal(&common[0], git_commit_id(ours.get()))) {
    result.tree = tree_id(theirs);
    return result;
  }
  if (git_oid_equal(&common[0], git_commit_id(theirs.get()))) {
    result.tree = tree_id(ours);
    return result;
  }

  if (common.size() == 1) {
    const GitCommit ancestor = commit_of(repository, sha_of(common[0]));
    guard.open(tree_id(ancestor));
    if (const auto tree =
            simple_merge(repository, {*git_commit_tree_id(ancestor.get()), *git_commit_tree_id(ours.get()),
                                      *git_commit_tree_id(theirs.get())})) {
      result.tree = sha_of(*tree);
      return result;
    }
  }

  git_merge_options options = GIT_MERGE_OPTIONS_INIT;
  options.flags = GIT_MERGE_FIND_RENAMES | GIT_MERGE_SKIP_REUC;
  const auto index =
      made<GitIndex>("merging", git_merge_commits, repository, ours.get(), theirs.get(), &options);
  if (git_index_has_conflicts(index.get()) != 0) {
    result.conflicts = conflicts_in(index.get());
    return result;
  }
  git_oid tree;
  must(git_index_write_tree_to(&tree, index.get(), repository), "writing the merged tree");
  result.tree = sha_of(tree);
  return result;
}

}  // namespace slipway::vcs
