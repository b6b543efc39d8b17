#pragma once

#include "core/clock.h"
#include "core/ids.h"

#include <optional>
#include <string>
#include <vector>

namespace slipway {

enum class PullState { Open, Merged, Closed };

/// A review as the forge has it: the newest of each person counts.
struct Review {
  std::string author;
  bool approved = false;  // false: changes requested, or dismissed
  Sha commit;             // the head it was given for
  Time at{};
  bool operator==(const Review&) const = default;
};

/// One moment of a pull request: immutable, fetched again before each decision, never patched.
struct PullRequest {
  PullId id;
  std::string title;
  std::string author;
  std::string url;
  PullState state = PullState::Open;
  bool draft = false;
  bool from_fork = false;
  bool author_may_write = false;  // false for outsiders: their pull requests wait for an entitled person
  std::string base_branch;
  Sha base;  // head of the base branch as the forge told; git's own word is newer
  std::string head_branch;
  Sha head;
  std::optional<bool> mergeable;  // nothing when the forge can't tell
  Sha merge_commit;               // only of a merged one, where the forge tells
  std::string merged_by;
  Time merged_at{};  // by the forge's clock; zero when not merged, or not told
  Time updated{};
  std::vector<Review> reviews;
  bool operator==(const PullRequest&) const = default;
};

/// A comment that may be a command.
struct Comment {
  std::int64_t id = 0;
  std::string author;
  std::string body;
  Time at{};
};

enum class Permission { None, Read, Write, Admin };

}  // namespace slipway
