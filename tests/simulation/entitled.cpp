#include "tests/simulation/entitled.h"

#include <algorithm>

namespace slipway::simulation {
namespace {

/// The forge tells times in whole seconds, of its own clock.
constexpr std::chrono::seconds kGrain{2};

template <class Items, class Holds>
bool any(const Items& items, Holds holds) {
  return std::any_of(items.begin(), items.end(), holds);
}

}  // namespace

bool is_writer(const std::string& who) { return who != "mallory"; }

Entitlement::Entitlement(Scene& scene, const Change& change, PlanId plan)
    : scene_(scene),
      change_(change),
      applying_(std::get<phase::Applying>(change.state)),
      plan_(std::move(plan)),
      number_(change.id.pull.number),
      dir_(change.id.project.dir),
      merge_(scene.model.merge_of(number_)),
      changes_(changes_of(plan_)) {}

Entitlement::Changes Entitlement::changes_of(const PlanId& plan) {
  Changes out;
  if (const auto* made = scene_.made(plan))
    for (const ResourceChange& one : made->changes) out.insert(one.digest);
  return out;
}

bool Entitlement::covered_by(const Changes& approved) const {
  return std::includes(approved.begin(), approved.end(), changes_.begin(), changes_.end());
}

std::string Entitlement::why_not() {
  if (scene_.made(plan_) == nullptr) return "nobody made it";
  if (const std::string why = denied(); !why.empty()) return why;
  if (const std::string why = made_of_something_else(); !why.empty()) return why;
  const auto covers = [&](const Changes& changes) { return covered_by(changes); };
  if (any(confirmed(), covers) || asked_for_before_the_merge()) return {};
  if (!merged_as_shown()) return "it does what nobody saw, approved, asked for, or confirmed";
  if (merge_ == nullptr) return expired();
  if (const std::string why = expired(); !why.empty()) return why;
  return goes_back();
}

std::string Entitlement::denied() {
  if (!scene_.habits.policies) return {};
  for (const ResourceChange& one : scene_.made(plan_)->changes) {
    if (!destroys(one.action)) continue;
    if (one.name.front() == 'n') return fmt::format("nobody may let {} be destroyed", one.address);
    if (one.name.front() == 'k' && !overridden(changes_))
      return fmt::format("no owner let {} be destroyed, having seen it", one.address);
  }
  return {};
}

/// An override is bound to what the plan does, and to what its owner had seen.
bool Entitlement::overridden(const Changes& changes) {
  return any(scene_.model.commands, [&](const Model::Command& command) {
    if (command.pull != number_ || command.who != kOwner ||
        command.text != fmt::format("slipway approve {}", kOverridable))
      return false;
    return any(scene_.model.shown, [&](const Model::Shown& shown) {
      return shown.pull == number_ && shown.at <= command.at + kGrain && changes_of(shown.plan) == changes;
    });
  });
}

/// What somebody entitled confirmed by its plan's id, having seen it. What stopped half way goes on with the
/// plan of what is left, which needs no id.
std::vector<Entitlement::Changes> Entitlement::confirmed() {
  const bool had_stopped = any(scene_.outside.terraform.keepers, [&](const auto& kept) {
    return kept.dir == dir_ && kept.outcome && !std::holds_alternative<runner::ApplyDone>(*kept.outcome);
  });
  std::vector<Changes> out;
  for (const Model::Command& command : scene_.model.commands) {
    if (!is_writer(command.who) || !wishes_this(command)) continue;
    const bool is_author = scene_.model.pulls.contains(command.pull) &&
                           command.who == scene_.model.pulls.at(command.pull).author;
    if (!scene_.habits.writers_confirm && is_author) continue;
    for (const Model::Shown& shown : scene_.model.shown) {
      const bool meant =
          command.text == "slipway apply " + shown.plan || (command.text == "slipway apply" && had_stopped);
      if (meant && shown.pull == command.pull && shown.at <= command.at + kGrain)
        out.push_back(changes_of(shown.plan));
    }
  }
  return out;
}

/// It was written on the pull request itself (what was closed without a merge is nobody's wish any more), or
/// on one that is merged into what is applied: what waits together is applied together.
bool Entitlement::wishes_this(const Model::Command& command) {
  if (command.pull == number_) return command.open || merge_ != nullptr;
  const Model::Merge* merge = scene_.model.merge_of(command.pull);
  return merge != nullptr && merge->dirs.contains(dir_) &&
         scene_.git().contains(applying_.trigger.commit, merge->commit);
}

/// `apply: on_comment`: somebody asked for the plan of this head that they could see.
bool Entitlement::asked_for_before_the_merge() {
  if (!scene_.habits.on_comment) return false;
  const Sha& head = merge_ == nullptr ? change_.head : merge_->head;
  if (scene_.habits.needs_approval && !approved_by_review(number_, head, scene_.now())) return false;
  return any(scene_.model.commands, [&](const Model::Command& command) {
    if (command.pull != number_ || !command.open || command.text != "slipway apply" ||
        !is_writer(command.who))
      return false;
    return any(scene_.model.shown, [&](const Model::Shown& shown) {
      const auto record = scene_.plan(shown.plan);
      return shown.pull == number_ && shown.at <= command.at + kGrain && record &&
             record->change.project.dir == dir_ && asks_for_the_same(record->head, command.head) &&
             covered_by(changes_of(shown.plan));
    });
  });
}

/// A push that leaves the project as it was takes nothing back of what was seen of it.
bool Entitlement::asks_for_the_same(const Sha& head, const Sha& other) {
  auto& git = scene_.git();
  return git.resources(git.tree_of(head), dir_) == git.resources(git.tree_of(other), dir_);
}

/// What was shown of the very heads that were merged, before they were, with the approval that is asked for;
/// of all merges up to this one, and with what of them was confirmed, since what waits together is applied
/// together.
bool Entitlement::merged_as_shown() {
  // A push approves nothing, and takes along the merges that wait: it does no more than they.
  if ((merge_ == nullptr && !is_push(change_.id.pull)) || scene_.habits.on_comment) return false;
  Changes approved;
  for (Changes& one : confirmed()) approved.merge(one);
  for (const Model::Merge& merge : scene_.model.merges) {
    if (!scene_.git().contains(applying_.trigger.commit, merge.commit) || !merge.dirs.contains(dir_))
      continue;
    if (scene_.habits.needs_approval && !approved_by_review(merge.pull, merge.head, merge.at + kGrain))
      continue;
    for (const Model::Shown& shown : scene_.model.shown) {
      if (shown.pull != merge.pull || shown.at > merge.at + kGrain) continue;
      const auto record = scene_.plan(shown.plan);
      if (!record || record->head != merge.head || record->change.project.dir != dir_) continue;
      const bool discarded = any(scene_.model.commands, [&](const Model::Command& command) {
        return command.pull == merge.pull && command.text == "slipway discard" && is_writer(command.who) &&
               command.at > shown.at + kGrain && command.at < merge.at - kGrain && scene_.acted_on(command);
      });
      if (!discarded) approved.merge(changes_of(shown.plan));
    }
  }
  return covered_by(approved);
}

bool Entitlement::approved_by_review(std::int64_t pull, const Sha& head, Time by) const {
  return any(scene_.model.reviews, [&](const Model::Review& review) {
    return review.pull == pull && review.approved && review.at <= by && review.head == head &&
           is_writer(review.who) && review.who != scene_.model.pulls.at(pull).author;
  });
}

/// After the merge what is applied is what was merged, by this pull request or a later one.
std::string Entitlement::made_of_something_else() {
  if (merge_ == nullptr || !applying_.trigger.merge) return {};
  const work::FakeRepository& git = scene_.git();
  const auto asked = git.resources(scene_.made(plan_)->tree, dir_);
  const bool merged = any(scene_.model.merges, [&](const Model::Merge& merge) {
    return git.contains(merge.commit, merge_->commit) &&
           git.resources(git.tree_of(merge.commit), dir_) == asked;
  });
  return merged ? "" : "it is not a plan of what was merged";
}

/// Nothing older goes over something newer unless a person says so.
std::string Entitlement::goes_back() {
  const work::FakeRepository& git = scene_.git();
  const auto asked = git.resources(scene_.made(plan_)->tree, dir_);
  for (const Model::Merge& later : scene_.model.merges) {
    if (later.commit == merge_->commit || !git.contains(later.commit, merge_->commit)) continue;
    const auto found =
        scene_.rows.changes.find(to_string(ChangeId{{change_.id.pull.repo, later.pull}, change_.id.project}));
    if (found == scene_.rows.changes.end() || !later.dirs.contains(dir_)) continue;
    const ChangeState& state = found->second.state;
    const auto* nothing = std::get_if<phase::NoChanges>(&state);
    const bool through = std::holds_alternative<phase::Done>(state) ||
                         std::holds_alternative<phase::Onboarding>(state) ||
                         (nothing != nullptr && !nothing->trigger.commit.empty());
    if (through && git.resources(git.tree_of(later.commit), dir_) != asked)
      return fmt::format("#{} was merged later and is applied already", later.pull);
  }
  return {};
}

std::string Entitlement::expired() const {
  const auto record = scene_.plan(plan_);
  return record && change_.updated < record->expires ? "" : "it had expired";
}

}  // namespace slipway::simulation
