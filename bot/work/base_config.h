#pragma once

#include "bot/config/config.h"
#include "core/guarded.h"
#include "core/held_pull.h"
#include "core/result.h"
#include "vcs/repository.h"

#include <cstddef>
#include <list>
#include <memory>
#include <string>

namespace slipway::work {

struct Tools;

inline constexpr std::size_t kRepoFilesKept = 64;

/// What repositories' own files (config/repo_file.h) add to the server's word, read once per version of a
/// file. Any thread.
class RepoFiles {
 public:
  struct Place {
    RepoId repo;
    std::string branch;
    Sha tree;
  };
  /// As the file in this tree has it; without one it is the server's word alone. The error is for the file's
  /// author: FILE:LINE and what to write.
  Result<config::RepoConfig> read(vcs::Repository& repository, const Place& at,
                                  const config::RepoConfig& server);

 private:
  using Read = std::shared_ptr<const Result<config::RepoConfig>>;
  struct Entry {
    std::string key;
    Read read;
  };
  Guarded<std::list<Entry>> kept_;  // newest first
};

/// The config that pull requests onto `branch` are planned and judged by, as it stands at a commit of that
/// branch: never at one of a pull request (invariant I10).
Result<config::RepoConfig> config_at(const Tools& tools, const RepoId& repo, const std::string& branch,
                                     const Sha& base);

/// The same for a pull request's changes, made onto `base`. Of a merged one whose base had an unusable file
/// then, by the branch as it is now: else nobody could repair it.
Result<config::RepoConfig> config_of(const Tools& tools, const PullRequest& pull, const Sha& base);

/// Throws Failure (Never) in the place of the error.
config::RepoConfig usable(Result<config::RepoConfig> config, const std::string& branch);

/// What is said of an unusable file.
std::string unusable(const ParseError& error, const std::string& branch);

}  // namespace slipway::work
