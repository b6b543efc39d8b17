#include "vcs/github_pulls.h"

#include "core/failure.h"
#include "core/log.h"
#include "vcs/github_shapes.h"
#include "vcs/uri.h"

#include <fmt/format.h>
#include <fnmatch.h>

#include <charconv>

namespace slipway::vcs {
namespace {

constexpr std::string_view kPermissionFields[] = {"permission"};
constexpr std::string_view kTeamFields[] = {"slug"};
constexpr std::string_view kMembershipFields[] = {"state"};
constexpr std::string_view kRefFields[] = {"object", "sha"};
constexpr std::string_view kPeopleFields[] = {"author", "committer", "login"};
constexpr std::string_view kRepoFields[] = {"full_name", "archived"};
constexpr std::string_view kIssueCommentFields[] = {"issue_url", "id",   "user",      "login",
                                                    "type",      "body", "created_at"};
constexpr std::string_view kInstallationFields[] = {"full_name", "archived", "repositories"};

std::string repo_path(const RepoId& repo) { return "/repos/" + repo.path; }

/// GitHub's `since` is of the last edit.
std::string comments_since(Time since) { return "comments?since=" + percent_encoded(to_rfc3339(since)); }

/// A list of all comments names the issue of each by its address only.
std::int64_t number_at_end(const JsonReader& url) {
  const std::string& text = url.string();
  std::int64_t number = 0;
  const char* const digits = text.data() + text.rfind('/') + 1;
  const char* const end = text.data() + text.size();
  if (std::from_chars(digits, end, number).ptr != end || number <= 0) url.mismatch("the address of an issue");
  return number;
}

std::string pull_path(const PullId& id) { return fmt::format("{}/pulls/{}", repo_path(id.repo), id.number); }

Permission permission_from(const JsonReader& answer) {
  const std::string& word = answer["permission"].string();
  if (word == "admin") return Permission::Admin;
  if (word == "write") return Permission::Write;
  return word == "read" ? Permission::Read : Permission::None;
}

/// Whether a pattern of the config ("acme/*") names this repository; GitHub's names have no case.
bool matches(const std::string& pattern, const std::string& path) {
  return fnmatch(pattern.c_str(), path.c_str(), FNM_CASEFOLD) == 0;
}

void list_of_installation(GithubRest& rest, std::stop_token stop, FunctionRef<bool(const JsonReader&)> take) {
  for (int number = 1; number <= kMaxPages; ++number) {
    const RestAnswer answer = rest.page("/installation/repositories", number, kInstallationFields, stop);
    rest.read(answer, [&](const JsonReader& json) {
      for (const auto& repo : json["repositories"].items()) take(repo);
      return true;
    });
    if (!answer.more) return;
  }
}

}  // namespace

PullRequest GithubPulls::pull(const PullId& id, std::stop_token stop) {
  return while_doing(fmt::format("fetching {}", to_string(id)), [&] {
    const RestAnswer answer = rest_.get(pull_path(id), kPullFields, stop);
    PullRequest pull = rest_.read(answer, [&](const JsonReader& json) { return pull_from(id.repo, json); });
    pull.reviews = reviews(id, stop);
    if (pull.author != kGhost)
      pull.author_may_write = permission_told(id.repo, pull.author, stop, {403, 404}) >= Permission::Write;
    return pull;
  });
}

std::vector<PullRequest> GithubPulls::open_pulls(const RepoId& repo, std::stop_token stop) {
  return while_doing(fmt::format("listing the open pull requests of {}", to_string(repo)), [&] {
    std::vector<PullRequest> out;
    // Oldest first: one that is opened meanwhile comes last, and moves no other to a page that was read
    // already.
    rest_.each(repo_path(repo) + "/pulls?state=open&sort=created&direction=asc", kPullFields, stop,
               [&](const JsonReader& pull) {
                 out.push_back(pull_from(repo, pull));
                 return true;
               });
    return out;
  });
}

std::vector<PullRequest> GithubPulls::closed_pulls(const RepoId& repo, Time since, std::stop_token stop) {
  return while_doing(fmt::format("listing the closed pull requests of {}", to_string(repo)), [&] {
    std::vector<PullRequest> out;
    rest_.each(repo_path(repo) + "/pulls?state=closed&sort=updated&direction=desc", kPullFields, stop,
               [&](const JsonReader& pull) {
                 PullRequest one = pull_from(repo, pull);
                 if (one.updated < since) return false;
                 out.push_back(std::move(one));
                 return true;
               });
    return out;
  });
}

Permission GithubPulls::permission(const RepoId& repo, const std::string& user, std::stop_token stop) {
  return while_doing(fmt::format("asking what {} may do in {}", user, to_string(repo)),
                     [&] { return permission_told(repo, user, stop, {404}); });
}

bool GithubPulls::in_team(const std::string& team, const std::string& user, std::stop_token stop) {
  return while_doing(fmt::format("asking whether {} is in {}", user, team), [&] {
    const auto slash = team.find('/');
    if (!team.starts_with("@") || slash == std::string::npos || slash < 2 || slash + 1 == team.size())
      throw Failure("a team is written @organization/team");
    const std::string path = fmt::format("/orgs/{}/teams/{}", percent_encoded(team.substr(1, slash - 1)),
                                         percent_encoded(team.substr(slash + 1)));
    const RestAnswer answer = rest_.get(fmt::format("{}/memberships/{}", path, percent_encoded(user)),
                                        kMembershipFields, stop, {404});
    if (answer.status == 404) {
      // GitHub says so of who is no member, and of a team that is not there or that the token may not see:
      // the team's own answer tells these apart, and refuses with words that help.
      rest_.get(path, kTeamFields, stop);
      return false;
    }
    return rest_.read(answer, [](const JsonReader& json) { return json["state"].string() == "active"; });
  });
}

std::optional<Sha> GithubPulls::branch_head(const RepoId& repo, const std::string& branch,
                                            std::stop_token stop) {
  return while_doing(fmt::format("asking where {} stands", branch), [&]() -> std::optional<Sha> {
    std::string path;
    for (std::string_view rest = branch; !rest.empty();) {
      const auto slash = rest.find('/');
      path += "/" + percent_encoded(rest.substr(0, slash));
      rest.remove_prefix(slash == std::string_view::npos ? rest.size() : slash + 1);
    }
    const RestAnswer answer = rest_.get(fmt::format("{}/git/ref/heads{}", repo_path(repo), path), kRefFields,
                                        stop, {403, 404, 409});
    if (answer.status >= 400) return {};
    // Some servers answer with a list of every ref that begins so.
    const auto sha =
        rest_.read(answer, [](const JsonReader& json) { return json["object"]["sha"].string_or(""); });
    const auto parsed = parse_sha(sha);
    return parsed ? std::optional(*parsed) : std::nullopt;
  });
}

std::vector<std::string> GithubPulls::people_of(const RepoId& repo, const Sha& commit, std::stop_token stop) {
  return while_doing(fmt::format("asking who wrote {}", short_sha(commit)), [&] {
    std::vector<std::string> out;
    const RestAnswer answer = rest_.get(fmt::format("{}/commits/{}", repo_path(repo), commit), kPeopleFields,
                                        stop, {403, 404, 409, 422});
    if (answer.status >= 400) return out;
    rest_.read(answer, [&](const JsonReader& json) {
      for (const auto role : {"author", "committer"}) {
        std::string login = json[role].empty() ? "" : json[role]["login"].string_or("");
        if (!login.empty() && std::find(out.begin(), out.end(), login) == out.end())
          out.push_back(std::move(login));
      }
      return true;
    });
    return out;
  });
}

std::vector<Comment> GithubPulls::comments(const PullId& id, Time since, std::stop_token stop) {
  return while_doing(fmt::format("reading the comments of {}", to_string(id)), [&] {
    std::vector<Comment> out;
    const std::string path =
        fmt::format("{}/issues/{}/{}", repo_path(id.repo), id.number, comments_since(since));
    rest_.each(path, kCommentFields, stop, [&](const JsonReader& json) {
      Comment comment = comment_from(json);
      if (comment.at > since) out.push_back(std::move(comment));
      return true;
    });
    return out;
  });
}

std::vector<heard::Commented> GithubPulls::issue_comments(const RepoId& repo, Time since,
                                                          std::stop_token stop) {
  return while_doing(fmt::format("reading the comments on issues of {}", to_string(repo)), [&] {
    std::vector<heard::Commented> out;
    rest_.each(repo_path(repo) + "/issues/" + comments_since(since), kIssueCommentFields, stop,
               [&](const JsonReader& json) {
                 Comment comment = comment_from(json);
                 if (comment.at > since)
                   out.push_back({{repo, number_at_end(json["issue_url"])}, std::move(comment), true});
                 return true;
               },
               {404, 410});  // a repository without issues has none of theirs
    return out;
  });
}

std::vector<RepoId> GithubPulls::repos(std::string_view pattern, std::stop_token stop) {
  return while_doing(fmt::format("listing the repositories like {}", pattern), [&] {
    std::vector<RepoId> out;
    const std::string wanted(pattern);
    const auto take = [&](const JsonReader& json) {
      RepoId repo = repo_from(forge_, json["full_name"]);
      if (!json["archived"].boolean_or(false) && matches(wanted, repo.path)) out.push_back(std::move(repo));
      return true;
    };
    if (parse_repo_path(pattern)) {
      if (app_ != nullptr && !app_->installed(wanted, stop)) return out;
      const RestAnswer answer = rest_.get("/repos/" + wanted, kRepoFields, stop, {404});
      if (answer.status != 404) rest_.read(answer, take);
      return out;
    }
    if (app_ != nullptr) {
      installed_repos(wanted, stop, take);
    } else if (!rest_.each("/user/repos?sort=full_name", kRepoFields, stop, take, {403, 404})) {
      // The token is an app's: it is no user, and has a list of its own.
      list_of_installation(rest_, stop, take);
    }
    return out;
  });
}

void GithubPulls::installed_repos(const std::string& pattern, std::stop_token stop,
                                  FunctionRef<bool(const JsonReader&)> take) {
  const std::string owners = pattern.substr(0, pattern.find('/'));
  for (const GithubInstallation& one : app_->installations(stop)) {
    if (one.suspended || !matches(owners, one.account)) continue;
    app_->in_installation(one.id, stop, [&](GithubRest& rest) { list_of_installation(rest, stop, take); });
  }
}

std::vector<Review> GithubPulls::reviews(const PullId& id, std::stop_token stop) {
  ReviewTally tally;
  rest_.each(pull_path(id) + "/reviews", kReviewFields, stop,
             [&](const JsonReader& review) {
               tally.add(review);
               return true;
             },
             {404});  // a server without reviews: none count
  return tally.take();
}

Permission GithubPulls::permission_told(const RepoId& repo, const std::string& user, std::stop_token stop,
                                        GithubRest::Expected expected) {
  const RestAnswer answer =
      rest_.get(fmt::format("{}/collaborators/{}/permission", repo_path(repo), percent_encoded(user)),
                kPermissionFields, stop, expected);
  if (answer.status == 403)
    log::warning("the token may not ask who may write: authors count as outsiders",
                 {{"repo", to_string(repo)}});
  if (answer.status >= 400) return Permission::None;
  return rest_.read(answer, permission_from);
}

}  // namespace slipway::vcs
