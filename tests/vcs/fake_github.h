#pragma once

#include "core/json.h"
#include "tests/vcs/fake_forge.h"
#include "tests/vcs/fake_github_app.h"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace slipway::vcs {

inline constexpr std::string_view kFakeToken = "ghp_of-the-tests";
inline constexpr std::string_view kFakeLogin = "slipway-bot";

/// GitHub's REST API as we use it: repositories with pull requests, comments, reviews, statuses, issues,
/// reactions and permissions; pages with Link headers, ETags, GitHub's refusals. What a test wants to see or
/// to bend is public.
class FakeGithub final : public FakeForge {
 public:
  struct Said {
    std::int64_t id = 0;
    std::string author;
    std::string body;
    Time created{};
    Time updated{};
    bool by_app = false;
  };
  struct Reviewed {
    std::string author;
    std::string state;
    Sha commit;
    Time at{};
  };
  struct Pull {
    std::int64_t number = 0;
    std::string title;
    std::string author;  // empty: the account is gone
    std::string state = "open";
    bool draft = false;
    std::optional<std::string> head_repo;  // nothing: the fork is gone
    std::string head_branch;
    Sha head;
    std::string base_branch;
    Sha base;
    std::optional<bool> mergeable = true;
    Sha merge_commit;
    std::optional<Time> merged_at;
    std::string merged_by;
    Time updated{};
    std::vector<Said> comments;
    std::vector<Reviewed> reviews;
    std::vector<std::string> reactions;  // "eyes by slipway-bot"
  };
  struct Repo {
    std::string path;
    std::int64_t id = 0;
    bool archived = false;
    bool issues_on = true;
    Json settings = Json::object();  // allow_merge_commit, …
    std::map<std::int64_t, Pull> pulls;
    std::vector<Issue> issues;
    std::map<std::int64_t, std::vector<Said>> said_on_issues;
    std::map<std::string, Sha> branches;  // "main"; one that is missing is not told of
    std::vector<CommitStatus> statuses;
    std::map<std::string, std::string> permissions;
  };

  FakeGithub();

  HttpResponse send(const HttpRequest& request, std::stop_token stop) override;

  HostConfig config() const override;
  std::int64_t open_pull(const NewPull& pull) override;
  void close_pull(const std::string& repo, std::int64_t number) override;
  Sha merge_pull(const std::string& repo, std::int64_t number) override;
  void review(const std::string& repo, std::int64_t number, const std::string& author,
              bool approved) override;
  std::int64_t comment(const std::string& repo, std::int64_t number, const std::string& author,
                       const std::string& body) override;
  void delete_comment(const std::string& repo, std::int64_t comment) override;
  void permit(const std::string& repo, const std::string& user, Permission permission) override;
  void join_team(const std::string& team, const std::string& user) override;
  std::vector<Comment> comments(const std::string& repo, std::int64_t number) const override;
  std::vector<CommitStatus> statuses(const std::string& repo) const override;
  std::vector<Issue>& issues(const std::string& repo) override { return repos.at(repo).issues; }
  Delivery delivery(const std::string& repo, std::int64_t number, std::string_view secret) const override;

  /// Makes it when it isn't there.
  Repo& repo(const std::string& path);
  Pull& pull(const std::string& repo, std::int64_t number) { return repos.at(repo).pulls.at(number); }
  Json pull_json(const Repo& repo, const Pull& pull) const;

  std::map<std::string, Repo> repos;
  std::map<std::string, std::set<std::string>> teams;  // "acme/dba"
  bool app_token = false;                              // it is no user: /user and /user/repos are refused
  std::optional<FakeGithubApp> app;                    // one that is known here
  bool has_graphql = true;
  bool has_reviews = true;
  std::size_t page_size = 100;  // at most this many items, whatever is asked for

 private:
  struct Asked;
  HttpResponse answer(const HttpRequest& request);
  HttpResponse route(const Asked& asked);
  HttpResponse in_repo(const Asked& asked, Repo& repo);
  HttpResponse in_pull(const Asked& asked, Repo& repo);
  HttpResponse in_issues(const Asked& asked, Repo& repo);
  HttpResponse all_comments(const Asked& asked, const Repo& repo) const;
  HttpResponse comment_of(const Asked& asked, Repo& repo);
  HttpResponse people(const Asked& asked);
  std::optional<HttpResponse> fault(const HttpRequest& request);
  HttpResponse page(const Asked& asked, const std::vector<Json>& items,
                    std::string_view wrapped_in = {}) const;
  std::string login() const { return app_token ? "slipway[bot]" : std::string(kFakeLogin); }
  Time tick();

  std::int64_t last_id_ = 1000;
};

/// A user as GitHub has them in JSON; null for an account that is gone.
Json fake_user(const std::string& login);
/// As GitHub writes times: whole seconds.
std::string fake_stamp(Time time);

}  // namespace slipway::vcs
