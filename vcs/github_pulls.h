#pragma once

#include "core/function_ref.h"
#include "vcs/github_app.h"
#include "vcs/github_rest.h"
#include "vcs/host.h"

#include <optional>
#include <string>

namespace slipway::vcs {

/// Reading from GitHub. Any thread.
class GithubPulls final : public Pulls {
 public:
  /// `app` where one speaks, else nullptr.
  GithubPulls(std::string forge, GithubRest& rest, GithubApp* app)
      : forge_(std::move(forge)), rest_(rest), app_(app) {}

  /// Whether the author may write is asked of the permission route each time (a 304 costs nothing): the
  /// payload's `author_association` says MEMBER of one who may only read, and NONE of one whose membership is
  /// private. Where the route can't tell, the author counts as an outsider.
  PullRequest pull(const PullId& id, std::stop_token stop) override;
  std::vector<PullRequest> open_pulls(const RepoId& repo, std::stop_token stop) override;
  std::vector<PullRequest> closed_pulls(const RepoId& repo, Time since, std::stop_token stop) override;
  Permission permission(const RepoId& repo, const std::string& user, std::stop_token stop) override;
  /// A team that the token may not see is a failure, not a no.
  bool in_team(const std::string& team, const std::string& user, std::stop_token stop) override;
  std::optional<Sha> branch_head(const RepoId& repo, const std::string& branch,
                                 std::stop_token stop) override;
  std::vector<std::string> people_of(const RepoId& repo, const Sha& commit, std::stop_token stop) override;
  std::vector<Comment> comments(const PullId& id, Time since, std::stop_token stop) override;
  std::vector<heard::Commented> issue_comments(const RepoId& repo, Time since, std::stop_token stop) override;
  /// Archived ones are left out: nothing can be said in them.
  std::vector<RepoId> repos(std::string_view pattern, std::stop_token stop) override;

 private:
  std::vector<Review> reviews(const PullId& id, std::stop_token stop);
  Permission permission_told(const RepoId& repo, const std::string& user, std::stop_token stop,
                             GithubRest::Expected expected);
  /// Repositories of every installation whose account may own what is like `pattern`.
  void installed_repos(const std::string& pattern, std::stop_token stop,
                       FunctionRef<bool(const JsonReader&)> take);
  std::string forge_;
  GithubRest& rest_;
  GithubApp* app_;
};

}  // namespace slipway::vcs
