#pragma once

#include "core/result.h"

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace slipway {

/// A Git object id, 40 (SHA-1) or 64 (SHA-256) lower-case hex digits; empty where there is none.
using Sha = std::string;

/// A repository at a forge: "github" (the forge's name in the config) and "acme/infra". Both validated.
struct RepoId {
  std::string forge;
  std::string path;
  auto operator<=>(const RepoId&) const = default;
};

/// A pull request (the word for GitLab's merge requests too).
struct PullId {
  RepoId repo;
  std::int64_t number = 0;
  auto operator<=>(const PullId&) const = default;
};

/// A commit that reached a base branch without a pull request is held as a merged one is, under a number of
/// its own: below zero, made of the commit's id.
PullId push_id(RepoId repo, const Sha& commit);
bool is_push(const PullId& pull);

/// One Terraform root in one workspace: Atlantis' identity of a project. `dir` is relative to the
/// repository's root,
/// "." for the root itself. `name` is optional.
struct ProjectId {
  std::string dir = ".";
  std::string workspace = "default";
  std::string name;
  auto operator<=>(const ProjectId&) const = default;
};

/// A project's way through one pull request.
struct ChangeId {
  PullId pull;
  ProjectId project;
  auto operator<=>(const ChangeId&) const = default;
};

/// The state that an apply writes: at most one apply at a time per StateKey (invariant I1).
struct StateKey {
  RepoId repo;
  ProjectId project;  // its name is left out of comparisons: two names of one directory are one state
  std::string text() const;
};

/// Random identifiers: lower-case hex. A plan's is short, since people type it; it is unique in the Store.
using PlanId = std::string;
using RunId = std::string;

inline constexpr std::size_t kMaxRepoPath = 255;
inline constexpr std::size_t kMaxDir = 1024;
inline constexpr std::size_t kMaxWorkspace = 90;
inline constexpr std::size_t kMaxProjectName = 128;

/// Each accepts only what is safe as an argument, a path below our directories and a word in a comment: no
/// "..", no leading "-", no control characters, no empty segment.
Result<std::string> parse_repo_path(std::string_view text);
/// Normalises "./a//b/" to "a/b"; refuses what leaves the tree.
Result<std::string> parse_dir(std::string_view text);
Result<std::string> parse_workspace(std::string_view text);
Result<std::string> parse_project_name(std::string_view text);
Result<Sha> parse_sha(std::string_view text);

std::string to_string(const RepoId& repo);        // github/acme/infra
std::string to_string(const PullId& pull);        // github/acme/infra#12, github/acme/infra@77ab031c45de
std::string to_string(const ProjectId& project);  // prod/web, prod/web@blue (workspace), or its name
std::string to_string(const ChangeId& change);    // github/acme/infra#12 prod/web

/// As people call it: "#12", "77ab031".
std::string short_name(const PullId& pull);
/// First seven digits, as people say commits.
std::string short_sha(const Sha& sha);

}  // namespace slipway
