#include "vcs/git.h"

#include "core/failure.h"
#include "core/version.h"
#include "vcs/socket_stream.h"

#include <fmt/format.h>

namespace slipway::vcs {
namespace {

void set_up() {
  must(git_libgit2_init(), "starting libgit2");
  for (const auto level :
       {GIT_CONFIG_LEVEL_PROGRAMDATA, GIT_CONFIG_LEVEL_SYSTEM, GIT_CONFIG_LEVEL_XDG, GIT_CONFIG_LEVEL_GLOBAL})
    must(git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, level, ""), "leaving out configuration");
  must(git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0), "leaving out the owner check");
  must(git_libgit2_opts(GIT_OPT_ENABLE_FSYNC_GITDIR, 1), "asking for durable writes");
  must(git_libgit2_opts(GIT_OPT_SET_CACHE_MAX_SIZE, static_cast<ssize_t>(kGitCacheBytes)),
       "bounding the cache");
  bound_objects(kMaxObjectBytes);
  must(git_libgit2_opts(GIT_OPT_SET_USER_AGENT, fmt::format("slipway/{}", kVersion).c_str()),
       "naming ourselves");
  use_prompt_sockets();
}

}  // namespace

void bound_objects([[maybe_unused]] std::size_t bytes) {
#ifdef SLIPWAY_GIT_BOUNDS_OBJECTS
  must(git_libgit2_opts(GIT_OPT_SET_PACK_MAX_OBJECT_SIZE, bytes), "bounding objects");
#endif
}

void use_git() {
  static const bool done = (set_up(), true);
  static_cast<void>(done);
}

int must(int code, std::string_view doing) {
  if (code >= 0) return code;
  const git_error* error = git_error_last();
  const std::string_view words =
      error != nullptr && error->message != nullptr ? error->message : "no reason given";
  throw Failure(fmt::format("{}: {}", doing, words), Retry::Later);
}

GitRepository open_repository(const std::string& path) {
  use_git();
  return made<GitRepository>("opening the mirror", git_repository_open_bare, path.c_str());
}

git_oid oid_of(const Sha& sha) {
  git_oid oid;
  if (sha.size() != GIT_OID_HEXSZ || git_oid_fromstr(&oid, sha.c_str()) != 0)
    throw Failure(fmt::format("\"{}\" is no SHA-1 object id, and libgit2 reads no others yet", sha));
  return oid;
}

Sha sha_of(const git_oid& oid) {
  char text[GIT_OID_HEXSZ + 1];
  return git_oid_tostr(text, sizeof text, &oid);
}

GitCommit commit_of(git_repository* repository, const Sha& commit) {
  const git_oid oid = oid_of(commit);
  git_commit* found = nullptr;
  const int code = git_commit_lookup(&found, repository, &oid);
  if (code == GIT_ENOTFOUND)
    throw Failure(fmt::format("the mirror has no commit {}", short_sha(commit)), Retry::Later);
  must(code, "reading a commit");
  return GitCommit(found);
}

}  // namespace slipway::vcs
