#pragma once

#include "core/ids.h"

#include <git2.h>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace slipway::vcs {

/// libgit2's objects, freed when they leave scope. A repository is opened anew for each piece of work: none
/// is shared by threads, and nothing stays in memory between two.
template <auto Free>
struct GitFree {
  template <class T>
  void operator()(T* object) const {
    Free(object);
  }
};
template <class T, auto Free>
using GitOwned = std::unique_ptr<T, GitFree<Free>>;

using GitRepository = GitOwned<git_repository, git_repository_free>;
using GitCommit = GitOwned<git_commit, git_commit_free>;
using GitTree = GitOwned<git_tree, git_tree_free>;
using GitTreebuilder = GitOwned<git_treebuilder, git_treebuilder_free>;
using GitBlob = GitOwned<git_blob, git_blob_free>;
using GitOdb = GitOwned<git_odb, git_odb_free>;
using GitIndex = GitOwned<git_index, git_index_free>;
using GitConflicts = GitOwned<git_index_conflict_iterator, git_index_conflict_iterator_free>;
using GitDiff = GitOwned<git_diff, git_diff_free>;
using GitReference = GitOwned<git_reference, git_reference_free>;
using GitReferences = GitOwned<git_reference_iterator, git_reference_iterator_free>;
using GitRemote = GitOwned<git_remote, git_remote_free>;
using GitPackbuilder = GitOwned<git_packbuilder, git_packbuilder_free>;

/// What libgit2 may keep of objects while a repository is open.
inline constexpr long kGitCacheBytes = 16l << 20;

/// No object may unfold to more in memory, wherever it is read.
inline constexpr std::size_t kMaxObjectBytes = 1u << 30;
/// Objects of a pack that say they are larger are refused unread. Debian's libgit2 can since its security
/// update 1.5.1+ds-1+deb12u2; with an older one the memory limit of the fetching child is what stops them.
void bound_objects(std::size_t bytes);

/// Sets libgit2 up, once per process: no configuration but the repository's own (a person's url rewriting,
/// drivers or filters must not reach in here), no check of who owns a mirror, what is written is on disk
/// before it is relied upon.
void use_git();

/// Throws Failure with libgit2's own words when `code` is an error; else gives it back.
int must(int code, std::string_view doing);

/// A function that makes an object through its first argument: `made<GitTree>("reading a tree",
/// git_tree_lookup, …)`.
template <class Owned, class Make, class... Args>
Owned made(std::string_view doing, Make make, Args... args) {
  typename Owned::pointer object = nullptr;
  must(make(&object, args...), doing);
  return Owned(object);
}

/// Opens a bare repository that is there.
GitRepository open_repository(const std::string& path);

/// Throws Failure when it is not 40 hex digits: libgit2 1.5 knows no others.
git_oid oid_of(const Sha& sha);
Sha sha_of(const git_oid& oid);

/// The commit, or a Failure that says that the mirror has no such commit.
GitCommit commit_of(git_repository* repository, const Sha& commit);

}  // namespace slipway::vcs
