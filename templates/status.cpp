#include "templates/status.h"

#include "templates/characters.h"
#include "templates/counts.h"
#include "templates/next_step.h"
#include "templates/sentences.h"
#include "templates/standing.h"
#include "templates/visit.h"

#include <fmt/format.h>

#include <algorithm>

namespace slipway::templates {
namespace {

using Projects = std::vector<const ProjectReport*>;

/// What one project contributes to a status.
struct Part {
  StatusLook look = StatusLook::Pending;
  std::string text;
};

/// A description has no markup: a forge shows it as it is.
std::string plainly(const Inline& text) {
  std::string out = plain_text(text);
  std::erase(out, '`');
  return out;
}

Part part(StatusLook look, std::string_view key, std::initializer_list<Blank> blanks = {}) {
  return {look, plainly(sentence(key, blanks))};
}

bool planned(const ProjectReport& report) { return report.plan && report.stale.empty(); }

Part plan_part(const ProjectReport& report) {
  if (!report.stale.empty()) return part(StatusLook::Pending, "status.planning");
  const auto counts = [&] {
    return Part{StatusLook::Success, report.plan ? to_do(report.plan->record.counts) : "planned"};
  };
  return std::visit(
      Cases{[](const phase::Waiting& state) {
              if (state.reason.empty()) return part(StatusLook::Pending, "status.planning");
              return part(StatusLook::Pending, "status.waits", {{"reason", with_code(state.reason)}});
            },
            [](const phase::Planning&) { return part(StatusLook::Pending, "status.planning"); },
            [](const phase::PlanFailed& state) {
              return part(StatusLook::Failure, "status.plan_failed",
                          {{"error", failure_text(state.error, state.diagnostics)}});
            },
            [](const phase::Replanning&) { return part(StatusLook::Pending, "status.planning"); },
            [](const phase::NoChanges&) { return part(StatusLook::Success, "status.no_changes"); },
            [&](const auto&) { return counts(); }},
      report.change.state);
}

Part policy_part(const ProjectReport& report) {
  if (std::holds_alternative<phase::PlanFailed>(report.change.state))
    return part(StatusLook::Pending, "status.no_plan_to_judge");
  if (!planned(report))
    return plan_part(report).look == StatusLook::Pending ? part(StatusLook::Pending, "status.after_the_plan")
                                                         : part(StatusLook::Success, "status.no_policies");
  const auto& verdicts = report.plan->record.verdicts;
  const auto found = [&](PolicyOutcome outcome) {
    return std::find_if(verdicts.begin(), verdicts.end(), [&](const Verdict& verdict) {
      return verdict.blocks() && verdict.outcome == outcome;
    });
  };
  if (const auto denied = found(PolicyOutcome::Deny); denied != verdicts.end())
    return part(StatusLook::Failure, "status.denied", {{"policy", words(denied->policy)}});
  if (const auto unasked = found(PolicyOutcome::Error); unasked != verdicts.end())
    return part(StatusLook::Error, "status.unasked", {{"policy", words(unasked->policy)}});
  return verdicts.empty() ? part(StatusLook::Success, "status.no_policies")
                          : part(StatusLook::Success, "status.no_policy_denies");
}

Part ready_part(const ProjectReport& report, const std::string& command) {
  if (!report.stale.empty()) return part(StatusLook::Pending, "status.after_the_plan");
  if (!report.stateless.empty()) return part(StatusLook::Success, "status.stateless");
  const std::string next = plainly(next_step_text(report, command));
  const bool by_comment =
      report.mode == ApplyMode::OnComment || (report.plan && !report.plan->record.flags.empty());
  if (by_comment) return {StatusLook::Pending, next};
  return {report.unmet.empty() ? StatusLook::Success : StatusLook::Failure, next};
}

/// Of the base branch it is asked what becomes of it: of a pull request that its merge queue let go that
/// hinders nobody, since it may be queued again.
StatusLook left_look(const phase::Trigger& trigger) {
  return trigger.let_go ? StatusLook::Success : StatusLook::Failure;
}

Part apply_part(const ProjectReport& report, const std::string& command) {
  const auto next = [&](StatusLook look) { return Part{look, plainly(next_step_text(report, command))}; };
  return std::visit(
      Cases{[&](const phase::Waiting&) { return plan_part(report); },
            [&](const phase::Planning&) { return part(StatusLook::Pending, "status.after_the_plan"); },
            [&](const phase::PlanFailed&) { return part(StatusLook::Failure, "status.not_planned"); },
            [&](const phase::NoChanges&) {
              return report.stale.empty() ? part(StatusLook::Success, "status.nothing_to_apply")
                                          : part(StatusLook::Pending, "status.after_the_plan");
            },
            [&](const phase::Ready&) { return ready_part(report, command); },
            [&](const phase::Blocked&) {
              return report.stale.empty() ? next(StatusLook::Failure)
                                          : part(StatusLook::Pending, "status.after_the_plan");
            },
            [&](const phase::Queued&) { return next(StatusLook::Pending); },
            [&](const phase::Joined&) { return next(StatusLook::Pending); },
            [&](const phase::Verifying&) { return next(StatusLook::Pending); },
            [&](const phase::Replanning&) { return next(StatusLook::Pending); },
            [&](const phase::AwaitingConfirm&) {
              const phase::Trigger* left = left_behind(report);
              return next(left != nullptr ? left_look(*left) : StatusLook::Pending);
            },
            [&](const phase::Applying&) { return next(StatusLook::Pending); },
            [&](const phase::Applied&) { return next(StatusLook::Success); },
            [&](const phase::ApplyFailed& state) {
              return part(StatusLook::Failure, "status.apply_failed",
                          {{"error", failure_text(state.error, state.diagnostics)}});
            },
            [&](const phase::Interrupted&) { return next(StatusLook::Error); },
            // Applied is applied, whatever becomes of the hooks.
            [&](const phase::Onboarding&) { return next(StatusLook::Success); },
            [&](const phase::Done&) { return next(StatusLook::Success); },
            [&](const phase::Degraded&) { return next(StatusLook::Success); },
            [&](const phase::Discarded&) {
              return part(StatusLook::Pending, "status.discarded", {{"command", words(command)}});
            }},
      report.change.state);
}

/// Something goes on by itself, and ends.
bool under_way(const ProjectReport& report) {
  return std::visit(
      Cases{[](const phase::Planning&) { return true; },
            [&](const phase::Queued&) { return !report.withheld && !report.depends_on_person; },
            [](const phase::Joined&) { return true; }, [](const phase::Verifying&) { return true; },
            [](const phase::Replanning&) { return true; }, [](const phase::Applying&) { return true; },
            [&](const auto&) { return !report.stale.empty(); }},
      report.change.state);
}

bool through_for(const ProjectReport& report, const Sha& group) {
  const phase::Trigger* trigger = trigger_ever(report.change.state);
  const bool nothing = std::holds_alternative<phase::NoChanges>(report.change.state);
  return trigger != nullptr && trigger->commit == group && (nothing || was_applied(report));
}

Part in_group(const ProjectReport& report, Part part) {
  if (part.look == StatusLook::Pending && !under_way(report)) part.look = StatusLook::Failure;
  return part;
}

Part group_apply_part(const ProjectReport& report, const Sha& group, const std::string& command) {
  const bool in_queue = report.mode == ApplyMode::InQueue && report.stateless.empty();
  if (!in_queue || through_for(report, group)) return in_group(report, apply_part(report, command));
  if (std::holds_alternative<phase::PlanFailed>(report.change.state)) return apply_part(report, command);
  const StatusLook look = under_way(report) ? StatusLook::Pending : StatusLook::Failure;
  return {look, plainly(next_step_text(report, command))};
}

int gravity(StatusLook look) {
  switch (look) {
    case StatusLook::Error:
      return 3;
    case StatusLook::Failure:
      return 2;
    case StatusLook::Pending:
      return 1;
    case StatusLook::Success:
      return 0;
  }
  return 0;
}

std::string name_of(const ProjectReport& report) { return to_string(report.change.id.project); }

/// The gravest decides; its own words are what is said, with how many more are like it.
template <class PartOf>
Part sum(const Projects& projects, PartOf&& part_of) {
  Part worst;
  const ProjectReport* whose = nullptr;
  std::size_t alike = 0;
  bool same_words = true;
  for (const ProjectReport* report : projects) {
    Part found = part_of(*report);
    if (whose != nullptr && gravity(found.look) < gravity(worst.look)) continue;
    if (whose != nullptr && gravity(found.look) == gravity(worst.look)) {
      ++alike;
      same_words = same_words && found.text == worst.text;
      continue;
    }
    worst = std::move(found);
    whose = report;
    alike = 0;
    same_words = true;
  }
  if (projects.size() == 1 || (same_words && alike + 1 == projects.size())) return worst;
  worst.text =
      alike == 0 ? fmt::format("{}: {}", name_of(*whose), worst.text)
      : same_words
          ? fmt::format("{} and {}: {}", name_of(*whose), counted(alike, "more", "more"), worst.text)
          : fmt::format("{}: {} (and {})", name_of(*whose), worst.text, counted(alike, "more", "more"));
  return worst;
}

/// Success says what all plans come to together.
template <class PartOf>
Part plan_sum(const Projects& projects, PartOf&& part_of) {
  Part out = sum(projects, part_of);
  if (out.look != StatusLook::Success || projects.size() == 1) return out;
  PlanCounts all;
  for (const ProjectReport* project : projects) {
    if (!project->plan) continue;
    const PlanCounts& counts = project->plan->record.counts;
    all.create += counts.create;
    all.update += counts.update;
    all.destroy += counts.destroy;
    all.replace += counts.replace;
    all.read += counts.read;
    all.import += counts.import;
    all.move += counts.move;
    all.forget += counts.forget;
    all.outputs += counts.outputs;
  }
  return part(
      StatusLook::Success, "status.planned",
      {{"projects", words(counted(projects.size(), "project", "projects"))}, {"changes", words(to_do(all))}});
}

/// Projects with nothing to apply don't hide what is applied when merged.
template <class PartOf>
Part apply_sum(Projects projects, PartOf&& part_of) {
  std::erase_if(projects, [&](const ProjectReport* project) {
    return std::holds_alternative<phase::NoChanges>(project->change.state) &&
           part_of(*project).look == StatusLook::Success;
  });
  if (projects.empty()) return part(StatusLook::Success, "status.nothing_to_apply");
  return sum(projects, part_of);
}

struct Sums {
  Part plan;
  Part policy;
  Part apply;
};

/// Of the pull request's head, or of its merge queue's commit.
Sums sums(const PullReport& report, bool of_group) {
  if (!report.conflicts.empty()) {
    const Blank branch{"branch", words(report.base_branch)};
    return {part(StatusLook::Failure, "status.conflict", {branch}),
            part(of_group ? StatusLook::Failure : StatusLook::Pending, "status.conflict", {branch}),
            part(StatusLook::Failure, "status.conflict", {branch})};
  }
  if (!report.waits_for.empty()) {
    const Part waits = part(of_group ? StatusLook::Failure : StatusLook::Pending, "status.waits",
                            {{"reason", with_code(report.waits_for)}});
    return {waits, waits, waits};
  }
  const Projects projects = worst_first(report);
  if (projects.empty()) {
    const Part nothing = part(StatusLook::Success, "status.no_project");
    return {nothing, nothing, nothing};
  }
  if (!of_group) {
    return {plan_sum(projects, plan_part), sum(projects, policy_part),
            apply_sum(projects, [&](const ProjectReport& one) { return apply_part(one, report.command); })};
  }
  const auto planned = [](const ProjectReport& one) { return in_group(one, plan_part(one)); };
  const auto judged = [](const ProjectReport& one) { return in_group(one, policy_part(one)); };
  const auto applied = [&](const ProjectReport& one) {
    return group_apply_part(one, report.group, report.command);
  };
  return {plan_sum(projects, planned), sum(projects, judged), apply_sum(projects, applied)};
}

std::vector<StatusShown> all_statuses(const PullReport& report, const Traits& traits, bool of_group) {
  const auto shown = [&](std::string context, const Part& from) {
    // One less than the limit: what is cut ends in "…".
    const std::size_t most = traits.max_status_description > 0 ? traits.max_status_description - 1 : 0;
    return StatusShown{std::move(context), from.look, {shortened(visible(from.text), most)}};
  };
  const Sums all = sums(report, of_group);
  std::vector<StatusShown> out = {shown(std::string(kPlanContext), all.plan),
                                  shown(std::string(kPolicyContext), all.policy),
                                  shown(std::string(kApplyContext), all.apply)};
  const Projects projects = worst_first(report);
  if (of_group || projects.size() > kMaxProjectStatuses || !report.waits_for.empty() ||
      !report.conflicts.empty())
    return out;
  for (const ProjectReport* project : projects)
    out.push_back(
        shown(fmt::format("{}: {}", kPlanContext, visible(name_of(*project))), plan_part(*project)));
  return out;
}

}  // namespace

std::vector<StatusShown> statuses(const PullReport& report, const Traits& traits) {
  return all_statuses(report, traits, false);
}

std::vector<StatusShown> group_statuses(const PullReport& report, const Traits& traits) {
  return all_statuses(report, traits, true);
}

}  // namespace slipway::templates
