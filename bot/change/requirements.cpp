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

bool shown_by(const PlanRecord& plan, Time at) {
  return plan.shown_at && *plan.shown_at <= at + kForgeTimeGrain;
}

/// What the plan to be applied destroys and the one that stood at the newest approval did not: the first
/// address, or empty.
std::string unreviewed_destroy(const PullRequest& pull, const phase::Trigger& trigger,
                               const std::vector<const PlanRecord*>& plans) {
  Time newest{};
  for (const Review& review : pull.reviews)
    if (review.approved && review.author != pull.author && review.at <= trigger.at + kForgeTimeGrain)
      newest = std::max(newest, review.at);
  const PlanRecord* to_apply = nullptr;
  const PlanRecord* reviewed = nullptr;
  for (const PlanRecord* plan : plans) {
    if (plan->id == trigger.plan) to_apply = plan;
    if (shown_by(*plan, newest) && (reviewed == nullptr || *reviewed->shown_at < *plan->shown_at))
      reviewed = plan;
  }
  if (to_apply == nullptr) return {};
  for (const std::string& address : to_apply->destroys) {
    const bool seen = reviewed != nullptr && std::find(reviewed->destroys.begin(), reviewed->destroys.end(),
                                                       address) != reviewed->destroys.end();
    if (!seen) return address;
  }
  return {};
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

std::string lacking_requirement(const Rules& rules, const HeldPull& held, const phase::Trigger& trigger,
                                const std::vector<const PlanRecord*>& plans) {
  const bool asked_by_forge = trigger.merge || trigger.group;
  const std::string_view how = trigger.merge ? "merged" : "queued";
  for (const std::string& requirement : rules.requirements) {
    if (requirement == "approved") {
      if (asked_by_forge && !approved(held.pull, trigger.at))
        return fmt::format("it was {} without `approved`: {}", how, not_approved(held.pull));
      if (std::string address = unreviewed_destroy(held.pull, trigger, plans); !address.empty())
        return fmt::format("`{}` is destroyed or replaced, which no plan did that its reviewers could see",
                           address);
    }
    // That it was mergeable the merge itself has shown.
    if (requirement == "undiverged" && asked_by_forge && trigger.base_before != held.merge_base)
      return fmt::format("it was {} without `undiverged`: {}", how, diverged(held.pull));
  }
  return {};
}

}  // namespace slipway::change
