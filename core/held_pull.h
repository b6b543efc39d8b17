#pragma once

#include "core/pull_request.h"

#include <string>
#include <vector>

namespace slipway {

/// A commit that a merge queue made of this pull request alone, on its base branch's head. It becomes the
/// merge when its required statuses are successes, unless the queue lets it go.
struct QueueGroup {
  Sha commit;          // empty: there is none
  Sha base;            // it stands on
  std::string branch;  // that the queue published it as
  bool operator==(const QueueGroup&) const = default;
};

/// What we hold of a pull request: the newest look at it, and what its changes are about.
struct HeldPull {
  PullRequest pull;
  Sha planned_head;  // what its changes are about
  Sha planned_base;
  Sha merge_base;                      // of base and head: equal to planned_base when nothing diverged
  Sha merge_tree;                      // empty: conflict, or not merged yet
  std::vector<std::string> conflicts;  // paths
  std::vector<std::string> notes;      // sentences about all of it: removed projects, refused backends
  std::string waits_for;  // admission: "a person with write access comments `slipway plan`"; empty: nothing
  Sha admitted_head;      // of a fork or outsider: the head that an entitled person let in
  bool settled = false;   // closed or merged, and nothing is left to do
  Time head_since{};      // when `pull.head` was seen first: what was written before is about another
  QueueGroup group{};     // of whose commit what is applied in the queue is
  std::int64_t revision = 0;  // of the row, for compare-and-set
  bool operator==(const HeldPull&) const = default;
};

}  // namespace slipway
