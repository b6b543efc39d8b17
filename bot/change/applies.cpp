#include "bot/change/gate.h"
#include "bot/change/queue.h"
#include "bot/change/steps.h"

#include <fmt/format.h>

namespace slipway::change {
namespace {

constexpr int kMaxApplyAttempts = 3;
constexpr std::chrono::seconds kApplyBackoff{15};  // doubled with every attempt

void start_apply(Draft& draft, const ChangeId& id, const phase::Trigger& trigger, const PlanId& plan) {
  const RunId run = draft.new_run();
  draft.move(id, Way::HoldsExactly, phase::Applying{trigger, plan, run});
  draft.act(action::RunApply{id, run, plan, trigger.actor});
  draft.act(action::Record{trigger.actor, "apply.started", to_string(id), "plan " + plan});
  show(draft, id.pull, Haste::Progress);
}

void replan(Draft& draft, const ChangeId& id, Way way, phase::Trigger trigger) {
  const RunId run = draft.new_run();
  const std::string actor = trigger.actor;
  draft.move(id, way, phase::Replanning{std::move(trigger), run});
  draft.act(action::RunPlan{id, run, Priority::Apply, {}, actor});
  show(draft, id.pull, Haste::Progress);
}

/// Nothing of it began: the same plan, under a new run, a little later.
void try_again(Draft& draft, const ChangeId& id, const phase::Applying& last) {
  phase::Applying next = last;
  next.run = draft.new_run();
  next.attempt = last.attempt + 1;
  draft.act(action::RunApply{id, next.run, last.plan, last.trigger.actor,
                             kApplyBackoff * (1 << (last.attempt - 1))});
  draft.update(id, std::move(next));
  show(draft, id.pull, Haste::Progress);
}

struct HalfWay {
  Notice notice;
  std::string key;   // of the notice, before the run
  std::string what;  // for the audit
  std::string why;
};

/// Begun and not finished: what is left is planned at once, of the same commit, and everybody is told. Before
/// the state holds all that was done, such a plan would show that as left too.
void stop_half_way(Draft& draft, const ChangeId& id, const phase::Applying& last, const HalfWay& how) {
  if (const UnwrittenState* unwritten = unwritten_of(draft.find(id)->state)) {
    draft.act(action::PushState{id, draft.new_run(), unwritten->blob});
  } else {
    draft.act(action::RunPlan{id, draft.new_run(), Priority::Apply, {}, {}});
  }
  draft.act(action::Record{last.trigger.actor, how.what, to_string(id), how.why});
  draft.act(action::Refresh{state_key(id), id.pull});
  draft.act(action::SayNotice{id.pull, how.notice, {id.project}, how.key + last.run, {last.trigger.actor}});
  show(draft, id.pull, Haste::Result);
  for (const ChangeId& joined : joined_to(draft, id)) show(draft, joined.pull, Haste::Result);
  release(draft, id);
}

void say_applied(Draft& draft, const ChangeId& id, const RunId& run) {
  draft.act(action::React{id.pull, 0, Emoji::Rocket});
  draft.act(action::SayNotice{id.pull, Notice::Applied, {id.project}, "applied:" + run, {}});
  draft.act(action::SayIssues{id.pull});
  show(draft, id.pull, Haste::Result);
}

const phase::Applying* applying(const Draft& draft, const ChangeId& id, const RunId& run) {
  const Change* change = draft.find(id);
  if (change == nullptr) return nullptr;
  const auto* state = std::get_if<phase::Applying>(&change->state);
  return state != nullptr && state->run == run ? state : nullptr;
}

}  // namespace

void conclude(Draft& draft, const ChangeId& lead, const phase::Applied& applied) {
  for (const ChangeId& id : joined_to(draft, lead)) {
    phase::Applied with = applied;
    with.trigger = std::get<phase::Joined>(draft.find(id)->state).trigger;
    draft.move(id, Way::AppliedTogether, phase::Done{std::move(with)});
    say_applied(draft, id, applied.run);
    draft.act(action::Look{id.pull});
  }
  compare_later(draft, state_key(lead), applied.trigger);
  release(draft, lead);
  const Sha& asked = draft.pull().group.commit;
  if (!asked.empty() && asked != applied.trigger.commit) draft.act(action::PrepareGroup{lead.pull});
}

void on(Draft& draft, const event::Verified& event) {
  const Change* change = draft.find(event.change);
  if (change == nullptr) return;
  const auto* verifying = std::get_if<phase::Verifying>(&change->state);
  if (verifying == nullptr) return;
  const phase::Trigger trigger = verifying->trigger;
  if (!event.commit.empty() && event.commit != trigger.commit) {
    // The branch was rewritten meanwhile.
    draft.act(action::Verify{event.change});
    return;
  }
  Change& edited = draft.edit(event.change);
  edited.merge_tree = event.now.merge_tree;
  edited.files_digest = event.now.files_digest;
  edited.base = event.base;
  const Gate::Answer answer = Gate::judge({trigger, draft.plan(trigger.plan)}, event.now, draft.now());
  if (!std::holds_alternative<Gate::Exact>(answer)) {
    // Asked or moved, the next step is the same: a plan of what is there now, to compare or to show.
    replan(draft, event.change, Way::Moved, trigger);
  } else if (draft.plan(trigger.plan)->counts.none()) {
    needs_nothing(draft, event.change, trigger, trigger.plan);
  } else if (!waits_again(draft, event.change, Way::WaitsAgain, trigger)) {
    start_apply(draft, event.change, trigger, trigger.plan);
  }
}

void on(Draft& draft, const event::VerifyFailed& event) {
  const Change* change = draft.find(event.change);
  if (change == nullptr) return;
  const auto* verifying = std::get_if<phase::Verifying>(&change->state);
  if (verifying == nullptr) return;
  const phase::Trigger trigger = verifying->trigger;
  draft.move(event.change, Way::CannotBegin, phase::AwaitingConfirm{trigger, {}, trigger.plan, event.why});
  show(draft, event.change.pull, Haste::Result);
  release(draft, event.change);
}

void on(Draft& draft, const event::ApplyHeldBack& event) {
  const phase::Applying* now = applying(draft, event.change, event.run);
  if (now == nullptr) return;
  const phase::Applying last = *now;
  if (waits_again(draft, event.change, Way::HeldBack, last.trigger)) return;
  draft.act(action::RunApply{event.change, last.run, last.plan, last.trigger.actor});
}

void on(Draft& draft, const event::MayAdvance& event) { advance(draft, state_key(event.change)); }

void on(Draft& draft, const event::ApplyProgress& event) {
  const phase::Applying* now = applying(draft, event.change, event.run);
  if (now == nullptr) return;
  phase::Applying next = *now;
  next.done = event.done;
  next.total = event.total;
  draft.update(event.change, std::move(next));
  draft.act(action::SaySticky{event.change.pull, Haste::Progress});
}

void on(Draft& draft, const event::Applied& event) {
  const phase::Applying* now = applying(draft, event.change, event.run);
  if (now == nullptr) return;
  const phase::Applied applied{now->trigger, now->plan, now->run, now->replanned, event.after};
  if (event.hooks == 0) {
    draft.move(event.change, Way::AppliedWhole, phase::Done{applied});
  } else {
    draft.move(event.change, Way::AppliedWithHooks, phase::Onboarding{applied, event.hooks});
  }
  draft.act(
      action::Record{applied.trigger.actor, "apply.done", to_string(event.change), "plan " + applied.plan});
  draft.act(action::Refresh{state_key(event.change), event.change.pull});
  say_applied(draft, event.change, event.run);
  conclude(draft, event.change, applied);
}

void on(Draft& draft, const event::ApplyFailed& event) {
  const phase::Applying* now = applying(draft, event.change, event.run);
  if (now == nullptr) return;
  const phase::Applying last = *now;
  // Refused before it began, whoever moved the state since: another apply may have, and rightly so.
  if (event.stale) {
    replan(draft, event.change, Way::RefusedAsStale, last.trigger);
    return;
  }
  if (!event.began && event.may_pass && last.attempt < kMaxApplyAttempts) {
    try_again(draft, event.change, last);
    return;
  }
  draft.move(event.change, Way::FailsHalfWay,
             phase::ApplyFailed{last.trigger,
                                last.plan,
                                last.run,
                                event.done,
                                event.total,
                                event.error,
                                event.diagnostics,
                                {},
                                event.unwritten,
                                event.locked_by});
  draft.act(action::SayIssues{event.change.pull});
  draft.act(action::React{event.change.pull, 0, Emoji::Confused});
  stop_half_way(draft, event.change, last, {Notice::ApplyFailed, "failed:", "apply.failed", event.error});
}

void on(Draft& draft, const event::ApplyLost& event) {
  const phase::Applying* now = applying(draft, event.change, event.run);
  if (now == nullptr) return;
  const phase::Applying last = *now;
  if (!event.began && event.before == event.after && last.attempt < kMaxApplyAttempts) {
    try_again(draft, event.change, last);
    return;
  }
  const std::string finding =
      event.before == event.after
          ? fmt::format(
                "state serial {} did not move; what the apply created but did not write down is not known",
                event.before.serial)
          : fmt::format("state serial moved {} → {}", event.before.serial, event.after.serial);
  draft.move(event.change, Way::IsLost,
             phase::Interrupted{
                 last.trigger, last.plan, last.run, event.before, event.after, finding, {}, event.unwritten});
  stop_half_way(draft, event.change, last,
                {Notice::Interrupted, "interrupted:", "apply.interrupted", finding});
}

void on(Draft& draft, const event::HookEnded& event) {
  const Change* change = draft.find(event.change);
  if (change == nullptr) return;
  phase::Degraded next;  // as long as nothing failed it is called Onboarding
  if (const auto* onboarding = std::get_if<phase::Onboarding>(&change->state)) {
    next = {onboarding->applied, {}, onboarding->waiting};
  } else if (const auto* degraded = std::get_if<phase::Degraded>(&change->state)) {
    next = *degraded;
  }
  if (next.applied.run != event.run) return;
  // One that had given up was taken up again by a person; any other was still waited for.
  const bool taken_up = std::erase_if(next.failures, [&](const phase::HookFailure& failure) {
                          return failure.hook == event.of.hook && failure.machine == event.of.machine;
                        }) > 0;
  if (!taken_up && next.waiting > 0) --next.waiting;
  if (!event.of.why.empty()) {
    next.failures.push_back(event.of);
    draft.act(action::SayNotice{
        event.change.pull, Notice::Degraded, {event.change.project}, "degraded:" + event.run, {}});
  }
  const bool was_degraded = std::holds_alternative<phase::Degraded>(change->state);
  if (!next.failures.empty() && was_degraded) {
    draft.update(event.change, std::move(next));
  } else if (!next.failures.empty()) {
    draft.move(event.change, Way::HookGivesUp, std::move(next));
  } else if (next.waiting == 0) {
    draft.move(event.change, was_degraded ? Way::HookMended : Way::OnboardingEnds, phase::Done{next.applied});
  } else if (was_degraded) {
    draft.move(event.change, Way::OthersWait, phase::Onboarding{next.applied, next.waiting});
  } else {
    draft.update(event.change, phase::Onboarding{next.applied, next.waiting});
  }
  show(draft, event.change.pull, Haste::Result);
}

}  // namespace slipway::change
