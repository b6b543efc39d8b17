#include "vcs/github_shapes.h"

#include "vcs/ref_name.h"
#include "vcs/timestamps.h"

#include <algorithm>

namespace slipway::vcs {
namespace {

template <class T>
T valid(const JsonReader& place, Result<T> parsed) {
  if (!parsed) throw JsonMismatch({parsed.error().message, place.path()});
  return std::move(*parsed);
}

Time time_from(const JsonReader& text) {
  if (text.empty()) return {};
  const auto time = parse_rfc3339(text.string());
  if (!time) text.mismatch("a time");
  return *time;
}

PullState state_from(const JsonReader& pull) {
  if (pull["merged"].boolean_or(false) || !pull["merged_at"].empty()) return PullState::Merged;
  return pull["state"].string() == "open" ? PullState::Open : PullState::Closed;
}

/// The head is elsewhere, or in a fork that is gone.
bool comes_from_fork(const RepoId& repo, const JsonReader& pull) {
  const JsonReader head = pull["head"]["repo"];
  if (head.empty()) return true;
  const JsonReader base = pull["base"]["repo"];
  if (!head["id"].empty() && !base["id"].empty()) return head["id"].integer() != base["id"].integer();
  return head["full_name"].string_or("") != base["full_name"].string_or(repo.path);
}

}  // namespace

PullRequest pull_from(const RepoId& repo, const JsonReader& pull) {
  PullRequest out;
  out.id = {repo, number_from(pull["number"])};
  out.title = pull["title"].string_or("");
  out.author = login_from(pull["user"]);
  out.url = pull["html_url"].string_or("");
  out.state = state_from(pull);
  out.draft = pull["draft"].boolean_or(false);
  out.from_fork = comes_from_fork(repo, pull);
  out.base_branch = branch_from(pull["base"]["ref"]);
  if (!pull["base"]["sha"].empty()) out.base = sha_from(pull["base"]["sha"]);
  out.head_branch = branch_from(pull["head"]["ref"]);
  out.head = sha_from(pull["head"]["sha"]);
  if (!pull["mergeable"].empty()) out.mergeable = pull["mergeable"].boolean();
  // Before the merge it is a trial merge's commit, which becomes no part of any branch.
  if (out.state == PullState::Merged && !pull["merge_commit_sha"].empty())
    out.merge_commit = sha_from(pull["merge_commit_sha"]);
  if (!pull["merged_by"].empty()) out.merged_by = login_from(pull["merged_by"]);
  out.merged_at = time_from(pull["merged_at"]);
  out.updated = time_from(pull["updated_at"]);
  return out;
}

Comment comment_from(const JsonReader& comment) {
  return {comment["id"].integer(), login_from(comment["user"]), comment["body"].string_or(""),
          time_from(comment["created_at"])};
}

std::string login_from(const JsonReader& user) {
  return user.empty() ? std::string(kGhost) : user["login"].string();
}

RepoId repo_from(const std::string& forge, const JsonReader& full_name) {
  return {forge, valid(full_name, parse_repo_path(full_name.string()))};
}

Sha sha_from(const JsonReader& text) { return valid(text, parse_sha(text.string())); }

std::string branch_from(const JsonReader& text) { return valid(text, parse_branch(text.string())); }

std::int64_t number_from(const JsonReader& number) {
  const std::int64_t value = number.integer();
  if (value < 1) number.mismatch("a number from 1");
  return value;
}

void ReviewTally::add(const JsonReader& review) {
  const std::string state = review["state"].string_or("");
  if (state != "APPROVED" && state != "CHANGES_REQUESTED" && state != "DISMISSED") return;
  if (review["user"].empty()) return;
  Review newest;
  newest.author = login_from(review["user"]);
  newest.approved = state == "APPROVED";
  if (!review["commit_id"].empty()) newest.commit = sha_from(review["commit_id"]);
  newest.at = time_from(review["submitted_at"]);
  const auto older = std::find_if(reviews_.begin(), reviews_.end(),
                                  [&](const Review& one) { return one.author == newest.author; });
  if (older == reviews_.end()) {
    reviews_.push_back(std::move(newest));
  } else if (newest.at >= older->at) {
    *older = std::move(newest);
  }
}

}  // namespace slipway::vcs
