#include "templates/project_section.h"

#include "templates/change_printer.h"
#include "templates/characters.h"
#include "templates/counts.h"
#include "templates/diagnostics_text.h"
#include "templates/limits.h"
#include "templates/machines_preview.h"
#include "templates/next_step.h"
#include "templates/plan_difference.h"
#include "templates/policy_section.h"
#include "templates/sentences.h"
#include "templates/standing.h"
#include "templates/visit.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>

namespace slipway::templates {
namespace {

template <class State>
const State* as(const ProjectReport& report) {
  return std::get_if<State>(&report.change.state);
}

bool says_more_than_counts(const PlanShown& shown) {
  const Plan& plan = shown.plan;
  return !shown.record.counts.none() || !plan.changes.empty() || !plan.outputs.empty() ||
         !plan.drift.empty() || !plan.warnings.empty() || !plan.complete ||
         std::any_of(shown.record.verdicts.begin(), shown.record.verdicts.end(),
                     [](const Verdict& verdict) { return verdict.outcome != PolicyOutcome::Pass; });
}

bool failed(const ProjectReport& report) {
  return as<phase::PlanFailed>(report) != nullptr || as<phase::ApplyFailed>(report) != nullptr ||
         as<phase::Interrupted>(report) != nullptr;
}

void append(Blocks blocks, Blocks& out) {
  for (Block& block : blocks) out.push_back(std::move(block));
}

Inline summary(const ProjectReport& report) {
  Inline out = bold(name_of_project(report)) + words(" · ");
  const std::string counts = report.plan ? to_do(report.plan->record.counts) : "";
  const auto with_counts = [&](std::string_view what) {
    return std::string(what) + (counts.empty() ? "" : " · " + counts);
  };
  std::string applied = "applied: " + (report.plan ? done(report.plan->record.counts) : "done");
  return out +
         words(std::visit(
             Cases{[&](const phase::PlanFailed&) { return std::string("plan failed"); },
                   [&](const phase::ApplyFailed&) { return std::string("apply failed"); },
                   [&](const phase::Interrupted&) { return std::string("interrupted"); },
                   [&](const phase::AwaitingConfirm&) { return with_counts("waits for a confirmation"); },
                   [&](const phase::Queued&) { return with_counts("queued"); },
                   [&](const phase::Applying&) { return with_counts("applying"); },
                   [&](const phase::Applied&) { return applied; },
                   [&](const phase::Onboarding&) { return applied; },
                   [&](const phase::Done&) { return applied; },
                   [&](const phase::Degraded&) { return applied + ", and a hook gave up"; },
                   [&](const phase::Discarded&) { return with_counts("discarded"); },
                   [&](const phase::Planning&) { return std::string("planning"); },
                   [&](const phase::Waiting&) { return std::string("waits"); },
                   [&](const auto&) { return counts.empty() ? "planned" : counts; }},
             report.change.state));
}

void add_failure(const std::string& error, const std::vector<Diagnostic>& diagnostics, Blocks& out) {
  if (diagnostics.empty()) {
    if (!error.empty()) out.push_back({Paragraph{clause(error)}});
  } else {
    out.push_back({diagnostics_fence(diagnostics)});
  }
}

/// The changes below are what is left to do, or, while that is not known, what was being done.
void add_left(const ProjectReport& report, const PlanId& left, Blocks& out) {
  if (waits_to_be_written(report)) {
    if (report.plan) out.push_back({Paragraph{sentence("plan.was_being_applied")}});
    return;
  }
  const bool known = report.plan && !left.empty() && report.plan->record.id == left;
  out.push_back({Paragraph{sentence(known         ? "plan.left"
                                    : report.plan ? "plan.was_doing"
                                                  : "plan.left_unknown")}});
}

/// A state that could not be written: what becomes of it, and what a person can do.
void add_unwritten(const ProjectReport& report, const UnwrittenState& unwritten, const std::string& command,
                   Blocks& out) {
  if (unwritten.blob.empty()) return;
  if (unwritten.written || unwritten.refusal.empty()) {
    out.push_back({Paragraph{sentence(unwritten.written ? "plan.state_pushed" : "plan.state_being_pushed")}});
    return;
  }
  out.push_back({Paragraph{
      sentence("plan.state_kept", {{"why", clause(unwritten.refusal)}, {"command", words(command)}})}});
  Fence by_hand;
  for (const std::string& line : report.by_hand) by_hand.lines.push_back({Sign::None, line});
  if (!by_hand.lines.empty()) out.push_back({std::move(by_hand)});
}

void add_lock(const LockHolder& lock, const std::string& command, Blocks& out) {
  if (lock == LockHolder()) return;
  Inline holder =
      lock.who.empty() ? sentence("plan.locked_by_somebody") : code(shortened(lock.who, kMaxName));
  if (!lock.since.empty())
    holder += words(" ") + sentence("plan.locked_since", {{"since", code(shortened(lock.since, kMaxName))}});
  if (!lock.operation.empty())
    holder +=
        words(" ") + sentence("plan.locked_for", {{"operation", code(shortened(lock.operation, kMaxName))}});
  Inline held = sentence("plan.locked", {{"holder", std::move(holder)}});
  if (!lock.id.empty())
    held += words(" ") +
            sentence("plan.unlock",
                     {{"unlock", code(shortened(command + " unlock --force " + lock.id, kMaxName))}});
  out.push_back({Paragraph{std::move(held)}});
}

/// A person can have it done again, when its cause is gone.
Inline with_replay(const phase::HookFailure& failure) {
  if (failure.job == 0) return hook_failure(failure);
  return hook_failure(failure) + words("; ") +
         sentence("plan.replay", {{"job", words(std::to_string(failure.job))}});
}

/// What came before the changes: a failure, or why this plan is not the one that was shown.
void add_state(const ProjectReport& report, const std::string& command, Blocks& out) {
  if (const auto* state = as<phase::PlanFailed>(report)) {
    add_failure(state->error, state->diagnostics, out);
  } else if (const auto* stopped = as<phase::ApplyFailed>(report)) {
    out.push_back({Paragraph{sentence("plan.apply_failed")}});
    add_failure(stopped->error, stopped->diagnostics, out);
    add_lock(stopped->locked_by, command, out);
    add_unwritten(report, stopped->unwritten, command, out);
    add_left(report, stopped->left, out);
  } else if (const auto* interrupted = as<phase::Interrupted>(report)) {
    out.push_back({Paragraph{sentence("plan.interrupted", {{"finding", clause(interrupted->finding)}})}});
    add_unwritten(report, interrupted->unwritten, command, out);
    add_left(report, interrupted->left, out);
  } else if (as<phase::AwaitingConfirm>(report) != nullptr && report.plan) {
    if (report.compared_to) {
      append(plan_difference(report.compared_to->plan, report.plan->plan, report.run_url), out);
    } else {
      out.push_back({Paragraph{
          sentence(left_behind(report) != nullptr ? "plan.takes_back" : "plan.nothing_to_compare")}});
    }
  } else if (const auto* degraded = as<phase::Degraded>(report)) {
    std::vector<Inline> items;
    for (const phase::HookFailure& failure : degraded->failures)
      if (items.size() < kMaxListed) items.push_back(with_replay(failure));
    if (!items.empty()) out.push_back({BulletList{std::move(items)}});
  }
}

void add_limits_of_plan(const ProjectReport& report, Blocks& out) {
  const PlanRecord& record = report.plan->record;
  const Plan& plan = report.plan->plan;
  if (!record.head.empty() && !report.change.head.empty() && record.head != report.change.head &&
      !was_applied(report))
    out.push_back({Paragraph{sentence("plan.earlier_commit", {{"head", words(short_sha(record.head))}})}});
  const bool complete = plan.complete && record.complete;
  if (complete && record.flags.empty()) return;
  if (record.flags.empty()) {
    out.push_back({Paragraph{sentence("plan.incomplete_plainly")}});
  } else {
    const std::string flags = shortened(fmt::format("{}", fmt::join(record.flags, " ")), kMaxName);
    out.push_back(
        {Paragraph{sentence(complete ? "plan.with_flags" : "plan.incomplete", {{"flags", words(flags)}})}});
  }
}

void add_changes(const ProjectReport& report, Blocks& out) {
  const Plan& plan = report.plan->plan;
  Fence fence;
  fence.diff = true;
  fence.full_url = report.run_url;
  fence.lines = printed_changes(plan);
  const bool compared = as<phase::AwaitingConfirm>(report) != nullptr && report.compared_to.has_value();
  if (compared) {
    // The difference has been shown; all of it is for who wants to be sure.
    out.push_back({Details{sentence("plan.all_of_it"), false, {{std::move(fence)}}}});
  } else if (!fence.lines.empty()) {
    out.push_back({std::move(fence)});
  }
  if (plan.bodies_left_out > 0) {
    out.push_back({Paragraph{sentence(
        "plan.bodies_left_out", {{"number", words(counted(plan.bodies_left_out, "change", "changes"))}})}});
  }
}

std::vector<Diagnostic> warnings_of(const ProjectReport& report) {
  std::vector<Diagnostic> out = report.change.warnings;
  if (report.plan)
    out.insert(out.end(), report.plan->plan.warnings.begin(), report.plan->plan.warnings.end());
  return out;
}

/// What is not part of the plan and still worth knowing.
void add_aside(const PlanShown& shown, const std::string& full_url, Blocks& out) {
  const Plan& plan = shown.plan;
  if (!plan.drift.empty()) {
    Fence fence;
    fence.diff = true;
    fence.full_url = full_url;
    fence.lines = printed_drift(plan);
    out.push_back({Details{
        sentence("plan.drift", {{"number", words(counted(plan.drift.size(), "resource", "resources"))}}),
        false,
        {{std::move(fence)}}}});
  }
  if (!plan.noise_left_out.empty()) {
    std::vector<Inline> attributes;
    for (const std::string& name : plan.noise_left_out) attributes.push_back(code(shortened(name, kMaxName)));
    out.push_back(
        {SmallPrint{sentence("plan.noise", {{"attributes", listed(std::move(attributes), kMaxListed)}})}});
  }
}

std::size_t lines_in(const Blocks& blocks) {
  std::size_t sum = 0;
  for (const Block& block : blocks) {
    const auto* fence = std::get_if<Fence>(&block.value);
    sum += fence == nullptr ? 1 : fence->lines.size();
  }
  return sum;
}

}  // namespace

bool has_section(const ProjectReport& report) {
  if (failed(report) || !report.change.warnings.empty() || !report.machines.problems.empty()) return true;
  if (as<phase::Degraded>(report) != nullptr) return true;
  return report.plan && says_more_than_counts(*report.plan);
}

Details project_section(const ProjectReport& report, const SectionStyle& style) {
  Details section;
  section.summary = summary(report);
  add_state(report, style.command, section.body);
  if (report.plan) {
    add_limits_of_plan(report, section.body);
    add_changes(report, section.body);
  }
  if (was_applied(report) || (changes_ahead(report) && report.stateless.empty())) {
    append(machines_text(report.machines, was_applied(report) ? Tense::Was : Tense::WillBe), section.body);
  }
  if (report.plan) append(policy_section(report.plan->record.verdicts, style.command), section.body);
  append(warnings_section(warnings_of(report)), section.body);
  if (report.plan) add_aside(*report.plan, report.run_url, section.body);
  if (!style.alone) {
    if (Inline kept = plan_kept_until(report); !kept.empty())
      section.body.push_back({SmallPrint{std::move(kept)}});
  }
  const bool short_enough = lines_in(section.body) <= kMaxOpenLines;
  section.open = !style.finished && (style.alone || failed(report) || short_enough);
  return section;
}

Inline plan_kept_until(const ProjectReport& report) {
  const bool kept = changes_ahead(report) && report.plan->record.expires != Time{} && report.stale.empty() &&
                    report.stateless.empty();
  if (!kept || report.plan->record.id.empty()) return {};
  const PlanRecord& record = report.plan->record;
  const Blank plan{"plan", words(record.id)};
  const std::tm at = fmt::gmtime(std::chrono::system_clock::to_time_t(record.expires));
  const Blank date{"date", words(fmt::format("{:%b} {}, {:%H:%M} UTC", at, at.tm_mday, at))};
  if (record.inputs.state.serial == 0) return sentence("plan.kept_until_any", {plan, date});
  return sentence("plan.kept_until",
                  {plan, date, {"serial", words(std::to_string(record.inputs.state.serial))}});
}

}  // namespace slipway::templates
