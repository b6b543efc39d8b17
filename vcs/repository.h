#pragma once

#include "core/children.h"
#include "core/ids.h"
#include "vcs/host.h"

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace slipway::vcs {

struct FetchLimits {
  std::chrono::seconds time{300};
  std::uint64_t pack_bytes = 4ull << 30;
};

/// Base and head merged in memory.
struct MergeResult {
  Sha base;
  Sha head;
  Sha tree;                            // empty when there are conflicts
  std::vector<std::string> conflicts;  // paths, at most kMaxConflictsNamed
};
inline constexpr std::size_t kMaxConflictsNamed = 50;

/// One file of a tree.
struct TreeEntry {
  std::string path;
  Sha blob;
  std::uint32_t mode = 0;  // git's: 0100644, 0100755, 0120000 (link), 0160000 (submodule)
};

struct PathChange {
  std::string path;      // new path; the old one of a deletion
  std::string old_path;  // differs when renamed
  bool deleted = false;
};

/// A tree on disk, without .git, hooks, filters, submodules or links that leave it (such a link is a loop:
/// whoever reads it fails, see tree_writer.h). Many runs may share one: it is read-only for all of them and
/// stays as it is until the last lease ends.
class Checkout {
 public:
  virtual ~Checkout() = default;
  virtual const std::string& path() const = 0;
};

/// A repository as git sees it: one bare mirror per repository below the data directory. Any thread; writers
/// of one mirror wait for each other. Nothing here trusts what the forge said: everything is read from
/// objects.
class Repository {
 public:
  virtual ~Repository() = default;
  /// Brings `branch` and, if not empty, `pull_ref` up to date (in a child: libgit2 1.5 has no network
  /// timeout).
  virtual void fetch(const GitAccess& access, const std::string& branch, const std::string& pull_ref,
                     std::stop_token stop) = 0;
  /// Fetches one commit by its id, e.g. a merge queue's.
  virtual void fetch_commit(const GitAccess& access, const Sha& commit, std::stop_token stop) = 0;
  /// Head of a branch or ref as fetched; nothing when it isn't there.
  virtual std::optional<Sha> head(const std::string& ref) const = 0;
  /// Throws Failure (Never) when they have no history in common, or the head's tree is a bomb or has hostile
  /// names.
  virtual MergeResult merge(const Sha& base, const Sha& head) = 0;
  virtual Sha tree_of(const Sha& commit) const = 0;
  virtual Sha merge_base(const Sha& a, const Sha& b) const = 0;
  /// True when `ancestor` is reachable from `commit` (or is it).
  virtual bool contains(const Sha& commit, const Sha& ancestor) const = 0;
  /// The first-parent line of `branch` from newest to (and without) `until`, at most `limit`.
  virtual std::vector<Sha> first_parents(const Sha& from, const Sha& until, std::size_t limit) const = 0;
  /// Parents of a commit.
  virtual std::vector<Sha> parents(const Sha& commit) const = 0;
  /// With renames, by path; an empty id is the empty tree.
  virtual std::vector<PathChange> changed(const Sha& from_tree, const Sha& to_tree) const = 0;
  virtual std::vector<TreeEntry> entries(const Sha& tree) const = 0;
  /// One file or folder of a tree, by its path; nothing when it isn't there.
  virtual std::optional<TreeEntry> find(const Sha& tree, const std::string& path) const = 0;
  /// A blob's bytes; throws Failure above `limit`.
  virtual std::string blob(const Sha& id, std::size_t limit) const = 0;
  /// Costs what differs from a tree checked out before, not the whole tree.
  virtual std::shared_ptr<Checkout> checkout(const Sha& tree, std::stop_token stop) = 0;
};

/// All mirrors below one directory.
class Repositories {
 public:
  virtual ~Repositories() = default;
  virtual Repository& of(const RepoId& repo) = 0;
};

std::unique_ptr<Repositories> make_repositories(std::string directory, Children& children,
                                                FetchLimits limits);

/// `slipway internal fetch`: the request on stdin, the answer on stdout; the exit code.
int fetch_child();

}  // namespace slipway::vcs
