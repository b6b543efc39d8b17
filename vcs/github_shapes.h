#pragma once

#include "core/json_reader.h"
#include "core/pull_request.h"
#include "vcs/json_fields.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace slipway::vcs {

/// GitHub's JSON, as REST and webhooks share it, to our values. Names are validated on the way in; what a
/// compatible server may lack (mergeable, merge_commit_sha, draft, a deleted fork's repository) may be
/// missing. The readers throw JsonMismatch, which only `read_json` and GithubRest::read let near.

/// The login of a user that was deleted, as GitHub shows it.
inline constexpr std::string_view kGhost = "ghost";

inline constexpr std::string_view kPullFields[] = {
    "number",           "title",     "user",       "login",    "html_url", "state", "draft", "merged",
    "merged_at",        "base",      "head",       "ref",      "sha",      "repo",  "id",    "full_name",
    "merge_commit_sha", "merged_by", "updated_at", "mergeable"};
inline constexpr std::string_view kCommentFields[] = {"id", "user", "login", "type", "body", "created_at"};
inline constexpr std::string_view kReviewFields[] = {"user", "login", "state", "commit_id", "submitted_at"};

/// All but `author_may_write` and `reviews`, which are questions of their own.
PullRequest pull_from(const RepoId& repo, const JsonReader& pull);
Comment comment_from(const JsonReader& comment);

std::string login_from(const JsonReader& user);
RepoId repo_from(const std::string& forge, const JsonReader& full_name);
Sha sha_from(const JsonReader& text);
std::string branch_from(const JsonReader& text);
std::int64_t number_from(const JsonReader& number);

/// Takes reviews as they come, oldest first; keeps the newest of each person that is more than a comment.
class ReviewTally {
 public:
  void add(const JsonReader& review);
  std::vector<Review> take() { return std::move(reviews_); }

 private:
  std::vector<Review> reviews_;
};

}  // namespace slipway::vcs
