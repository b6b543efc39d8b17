#include "vcs/github_voice.h"

#include "core/failure.h"
#include "core/log.h"
#include "vcs/github_shapes.h"
#include "vcs/text.h"

#include <fmt/format.h>

#include <algorithm>

namespace slipway::vcs {
namespace {

constexpr std::string_view kLoginFields[] = {"login", "data", "viewer"};
constexpr std::string_view kIdFields[] = {"id"};
constexpr std::string_view kIssueFields[] = {"number", "title", "pull_request"};
constexpr std::string_view kMethodFields[] = {"allow_merge_commit", "allow_squash_merge",
                                              "allow_rebase_merge"};

std::string repo_path(const RepoId& repo) { return "/repos/" + repo.path; }

std::string issue_path(const PullId& id) {
  return fmt::format("{}/issues/{}", repo_path(id.repo), id.number);
}

std::string comment_path(const RepoId& repo, std::int64_t comment) {
  return fmt::format("{}/issues/comments/{}", repo_path(repo), comment);
}

std::string_view word(StatusState state) {
  switch (state) {
    case StatusState::Pending:
      return "pending";
    case StatusState::Success:
      return "success";
    case StatusState::Failure:
      return "failure";
    case StatusState::Error:
      return "error";
  }
  return "error";
}

std::string_view word(Reaction reaction) {
  switch (reaction) {
    case Reaction::Eyes:
      return "eyes";
    case Reaction::Rocket:
      return "rocket";
    case Reaction::ThumbsUp:
      return "+1";
    case Reaction::ThumbsDown:
      return "-1";
    case Reaction::Confused:
      return "confused";
  }
  return "eyes";
}

/// Ours among a page of comments, by author and marker; the newest stands last.
class OwnComment {
 public:
  OwnComment(std::string login, std::string_view marker) : login_(std::move(login)), marker_(marker) {}

  bool is(const JsonReader& comment) const {
    if (!comment["body"].string_or("").starts_with(marker_)) return false;
    return login_.empty() ? comment["user"]["type"].string_or("") == "Bot"
                          : login_from(comment["user"]) == login_;
  }

  std::optional<std::int64_t> newest(const JsonReader& page) const {
    const auto comments = page.items();
    const auto found =
        std::find_if(comments.rbegin(), comments.rend(), [&](const auto& one) { return is(one); });
    return found == comments.rend() ? std::nullopt : std::optional((*found)["id"].integer());
  }

 private:
  std::string login_;
  std::string_view marker_;
};

std::string_view merge_method(const JsonReader& repo) {
  if (repo["allow_merge_commit"].boolean_or(true)) return "merge";
  return repo["allow_squash_merge"].boolean_or(true) ? "squash" : "rebase";
}

}  // namespace

std::string GithubVoice::own_login(std::stop_token stop) {
  return while_doing("asking who the token speaks as", [&] {
    std::string login = login_told(stop);
    if (login.empty()) throw Failure("neither /user nor GraphQL's viewer tells this token its login");
    return login;
  });
}

std::string GithubVoice::login_told(std::stop_token stop) {
  if (auto known = login_.with([](const std::string& login) { return login; }); !known.empty()) return known;
  if (app_ != nullptr) return app_->login(stop);
  std::string login;
  const RestAnswer user = rest_.get("/user", kLoginFields, stop, {403, 404});
  if (user.status < 300) {
    login = rest_.read(user, [](const JsonReader& json) { return json["login"].string(); });
  } else {
    const RestAnswer viewer = rest_.query("{viewer{login}}", kLoginFields, stop, {400, 403, 404, 405, 422});
    login = rest_.read(viewer,
                       [](const JsonReader& json) { return json["data"]["viewer"]["login"].string_or(""); });
  }
  login_.with([&](std::string& known) { known = login; });
  return login;
}

std::optional<std::int64_t> GithubVoice::find_comment(const PullId& id, std::string_view marker,
                                                      std::stop_token stop) {
  return while_doing(fmt::format("looking for our comment in {}", to_string(id)), [&] {
    const OwnComment own(login_told(stop), marker);
    const std::string path = issue_path(id) + "/comments";
    const auto newest = [&](const RestAnswer& page) {
      return rest_.read(page, [&](const JsonReader& json) { return own.newest(json); });
    };
    // They come oldest first and only so: the first page tells where the newest are.
    const RestAnswer first = rest_.page(path, 1, kCommentFields, stop);
    const int last = std::max(first.last_page, first.more ? 2 : 1);
    for (int number = last; number > std::max(1, last - kMaxPages); --number)
      if (const auto found = newest(rest_.page(path, number, kCommentFields, stop))) return found;
    return newest(first);
  });
}

std::int64_t GithubVoice::create_comment(const PullId& id, const std::string& body, std::stop_token stop) {
  return while_doing(fmt::format("commenting in {}", to_string(id)), [&] {
    const RestAnswer answer = rest_.write({.method = "POST",
                                           .path = issue_path(id) + "/comments",
                                           .body = Json::object({{"body", body}}),
                                           .repeat = Repeat::Never,
                                           .fields = kIdFields},
                                          stop);
    return rest_.read(answer, [](const JsonReader& json) { return json["id"].integer(); });
  });
}

bool GithubVoice::edit_comment(const PullId& id, std::int64_t comment, const std::string& body,
                               std::stop_token stop) {
  return while_doing(fmt::format("editing our comment in {}", to_string(id)), [&] {
    const RestAnswer answer = rest_.write({.method = "PATCH",
                                           .path = comment_path(id.repo, comment),
                                           .body = Json::object({{"body", body}}),
                                           .repeat = Repeat::Safe},
                                          stop, {404, 410});
    return answer.status < 300;
  });
}

void GithubVoice::set_status(const CommitStatus& status, std::stop_token stop) {
  while_doing(fmt::format("setting {} on {}", status.context, short_sha(status.commit)), [&] {
    Json body = Json::object({{"state", word(status.state)},
                              {"context", status.context},
                              {"description", at_most(status.description, traits_.max_status_description)}});
    if (!status.url.empty()) body["target_url"] = status.url;
    // Said twice it is the same status: the newest of a context counts.
    rest_.write({.method = "POST",
                 .path = fmt::format("{}/statuses/{}", repo_path(status.repo), status.commit),
                 .body = std::move(body),
                 .repeat = Repeat::Safe},
                stop);
  });
}

void GithubVoice::react(const ReactionTarget& target, Reaction reaction, std::stop_token stop) {
  while_doing(fmt::format("reacting in {}", to_string(target.pull)), [&] {
    const std::string path =
        target.comment == 0 ? issue_path(target.pull) : comment_path(target.pull.repo, target.comment);
    // The same reaction a second time is answered with the first.
    const RestAnswer answer = rest_.write({.method = "POST",
                                           .path = path + "/reactions",
                                           .body = Json::object({{"content", word(reaction)}}),
                                           .repeat = Repeat::Safe},
                                          stop, {403, 404, 405, 410, 422});
    if (answer.status >= 400)
      log::debug("the forge takes no reaction",
                 {{"pull", to_string(target.pull)}, {"status", std::to_string(answer.status)}});
  });
}

std::int64_t GithubVoice::issue_titled(const RepoId& repo, const std::string& title, std::string_view state,
                                       std::stop_token stop) {
  std::int64_t number = 0;
  rest_.each(fmt::format("{}/issues?state={}&sort=created&direction=desc", repo_path(repo), state),
             kIssueFields, stop,
             [&](const JsonReader& issue) {
               if (issue["pull_request"].empty() && issue["title"].string_or("") == title)
                 number = number_from(issue["number"]);
               return number == 0;
             },
             {404, 410});
  return number;
}

void GithubVoice::edit_issue(const RepoId& repo, std::int64_t number, Json changes, std::stop_token stop) {
  rest_.write({.method = "PATCH",
               .path = fmt::format("{}/issues/{}", repo_path(repo), number),
               .body = std::move(changes),
               .repeat = Repeat::Safe},
              stop);
}

void GithubVoice::raise_issue(const RepoId& repo, const std::string& title, const std::string& body,
                              std::stop_token stop) {
  while_doing(fmt::format("raising an issue in {}", to_string(repo)), [&] {
    if (const std::int64_t number = issue_titled(repo, title, "all", stop); number != 0) {
      edit_issue(repo, number, Json::object({{"state", "open"}, {"body", body}}), stop);
      return;
    }
    const RestAnswer answer = rest_.write({.method = "POST",
                                           .path = repo_path(repo) + "/issues",
                                           .body = Json::object({{"title", title}, {"body", body}}),
                                           .repeat = Repeat::Never},
                                          stop, {404, 410});
    if (answer.status >= 400)
      log::warning("the forge takes no issues: nothing raised", {{"repo", to_string(repo)}});
  });
}

void GithubVoice::close_issue(const RepoId& repo, const std::string& title, const std::string& body,
                              std::stop_token stop) {
  while_doing(fmt::format("closing an issue in {}", to_string(repo)), [&] {
    if (const std::int64_t number = issue_titled(repo, title, "open", stop); number != 0)
      edit_issue(repo, number, Json::object({{"state", "closed"}, {"body", body}}), stop);
  });
}

void GithubVoice::merge(const PullId& id, const Sha& head, std::stop_token stop) {
  while_doing(fmt::format("merging {}", to_string(id)), [&] {
    const RestAnswer repo = rest_.get(repo_path(id.repo), kMethodFields, stop);
    const std::string_view method = rest_.read(repo, merge_method);
    // Not repeatable: of a second try the forge would say that there is nothing to merge.
    rest_.write({.method = "PUT",
                 .path = fmt::format("{}/pulls/{}/merge", repo_path(id.repo), id.number),
                 .body = Json::object({{"sha", head}, {"merge_method", method}}),
                 .repeat = Repeat::Never},
                stop);
  });
}

}  // namespace slipway::vcs
