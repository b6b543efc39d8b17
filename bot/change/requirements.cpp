#include "bot/change/requirements.h"

#include "bot/change/gate.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace slipway::change {
namespace {

/// An approval of this head, by somebody else than the author, and nobody asks for changes; of those reviews
/// that were there by then.
bool approved(const PullRequest& pull, std::optional<Time> by) {
  const auto counts = [&](const Review& review) { return !by || review.at <= *by + kForgeTimeGrain; };
  const bool refused = std::any_of(pull.reviews.begin(), pull.reviews.end(),
                                   [&](const Review& review) { return counts(review) && !review.approved; });
  return !refused && std::any_of(pull.reviews.begin(), pull.reviews.end(), [&](const Review& review) {
    return counts(review) && review.approved && review.author != pull.author && review.commit == pull.head;
  });
}

std::string not_approved(const PullRequest& pull) {
  return fmt::format("no review by somebody else approves {}", short_sha(pull.head));
}

std::string diverged(const PullRequest& pull) {
  return fmt::format("{} has commits that the pull request lacks", pull.base_branch);
}

}  // namespace

std::vector<std::string> unmet(const Rules& rules, const HeldPull& held) {
  const PullRequest& pull = held.pull;
  std::vector<std::string> out;
  for (const std::string& requirement : rules.requirements) {
    if (requirement == "approved" && !approved(pull, {})) {
      out.push_back("approved: " + not_approved(pull));
    } else if (requirement == "mergeable" && pull.mergeable != true) {
      out.push_back(pull.mergeable ? "mergeable: the forge says that it can't be merged"
                                   : "mergeable: the forge does not tell yet whether it can be merged");
    } else if (requirement == "undiverged" && held.planned_base != held.merge_base) {
      out.push_back("undiverged: " + diverged(pull));
    }
  }
  return out;
}

std::string merged_without(const Rules& rules, const HeldPull& held, const phase::Trigger& trigger) {
  if (!trigger.merge || trigger.confirmed) return {};
  // That it was mergeable the merge itself has shown.
  for (const std::string& requirement : rules.requirements) {
    if (requirement == "approved" && !approved(held.pull, trigger.at))
      return "it was merged without `approved`: " + not_approved(held.pull);
    if (requirement == "undiverged" && trigger.base_before != held.merge_base)
      return "it was merged without `undiverged`: " + diverged(held.pull);
  }
  return {};
}

}  // namespace slipway::change
