#include "templates/characters.h"
#include "templates/limits.h"
#include "templates/next_step.h"
#include "templates/plan_comment.h"
#include "templates/sentences.h"
#include "templates/standing.h"
#include "templates/visit.h"

#include <algorithm>
#include <map>

namespace slipway::templates {
namespace {

constexpr std::size_t kMaxProjectsNamed = 8;
constexpr std::size_t kMaxSingleSentences = 5;

/// What a project asks for, most pressing first. Projects that ask for the same share a sentence.
enum class Ask {
  LeftBehind,
  Compared,
  LetGoCompared,
  Confirm,
  Unwritten,
  ApplyFailed,
  ApplyFailedInQueue,
  Interrupted,
  Degraded,
  Comment,
  Merge,
  MergeQueue,
  Flags,
  Approve,
  Denied,
  Unasked,
  PlanFailed,
  Unmet,
  Stateless,
  Applying,
  Withheld,
  Queued,
  Joined,
  Planning,
  Onboarding,
  Merged,
  PlannedByComment,
  Waiting,
  Discarded,
  Applied,
  Nothing,
};

const Verdict* blocking(const ProjectReport& report) {
  return report.plan ? gravest_blocking(report.plan->record.verdicts) : nullptr;
}

Ask ready(const ProjectReport& report, bool open) {
  if (!report.stale.empty()) return Ask::Planning;
  if (!report.stateless.empty()) return Ask::Stateless;
  if (!report.unmet.empty()) return Ask::Unmet;
  if (report.plan && !report.plan->record.flags.empty()) return Ask::Flags;
  if (report.mode == ApplyMode::OnComment) return Ask::Comment;
  if (!open) return Ask::Merged;
  return report.mode == ApplyMode::OnMerge ? Ask::Merge : Ask::MergeQueue;
}

Ask blocked(const ProjectReport& report, bool open) {
  if (!report.stale.empty()) return Ask::Planning;
  const Verdict* verdict = blocking(report);
  if (verdict == nullptr) return ready(report, open);
  if (verdict->outcome == PolicyOutcome::Error) return Ask::Unasked;
  return verdict->level == PolicyLevel::Mandatory ? Ask::Denied : Ask::Approve;
}

/// Of a project that was applied from a pull request which is closed, or which its merge queue let go.
std::optional<Ask> asked_after_closing(const ProjectReport& report, bool open) {
  const phase::Trigger* trigger = left_behind(report);
  if (trigger == nullptr)
    return report.change.applied_by.empty() ? std::nullopt : std::optional(Ask::Compared);
  if (trigger->confirmed) return {};
  const Ask compared = open ? Ask::LetGoCompared : Ask::Compared;
  if (const auto* waiting = std::get_if<phase::AwaitingConfirm>(&report.change.state))
    return waiting->plan.empty() ? Ask::Confirm : Ask::LeftBehind;
  return ended(report) ? Ask::Nothing : compared;
}

Ask ask_of(const ProjectReport& report, bool open) {
  return std::visit(Cases{[](const phase::Waiting& state) {
                            return state.reason.empty() ? Ask::Waiting : Ask::PlannedByComment;
                          },
                          [](const phase::Planning&) { return Ask::Planning; },
                          [](const phase::PlanFailed&) { return Ask::PlanFailed; },
                          [](const phase::NoChanges&) { return Ask::Nothing; },
                          [&](const phase::Ready&) { return ready(report, open); },
                          [&](const phase::Blocked&) { return blocked(report, open); },
                          [&](const phase::Queued&) { return report.withheld ? Ask::Withheld : Ask::Queued; },
                          [](const phase::Joined&) { return Ask::Joined; },
                          [](const phase::Verifying&) { return Ask::Queued; },
                          [](const phase::Replanning&) { return Ask::Planning; },
                          [](const phase::AwaitingConfirm&) { return Ask::Confirm; },
                          [](const phase::Applying&) { return Ask::Applying; },
                          [](const phase::Applied&) { return Ask::Applied; },
                          [&](const phase::ApplyFailed& state) {
                            if (waits_to_be_written(report)) return Ask::Unwritten;
                            return state.trigger.group ? Ask::ApplyFailedInQueue : Ask::ApplyFailed;
                          },
                          [&](const phase::Interrupted&) {
                            return waits_to_be_written(report) ? Ask::Unwritten : Ask::Interrupted;
                          },
                          [](const phase::Onboarding&) { return Ask::Onboarding; },
                          [](const phase::Done&) { return Ask::Applied; },
                          [](const phase::Degraded&) { return Ask::Degraded; },
                          [](const phase::Discarded&) { return Ask::Discarded; }},
                    report.change.state);
}

/// Sentences that differ from project to project: a plan to confirm, a policy to approve.
Inline single(const ProjectReport& report, Ask ask, const PullReport& pull) {
  const std::string& command = pull.command;
  const Blank project{"project", project_code(report)};
  const Blank prefix{"command", words(command)};
  const auto policy = [&] { return Blank{"policy", words(blocking(report)->policy)}; };
  switch (ask) {
    case Ask::LeftBehind: {
      const auto& state = std::get<phase::AwaitingConfirm>(report.change.state);
      const bool open = pull.pull.state == PullState::Open;
      return sentence(open ? "summary.let_go" : "summary.left_behind",
                      {project,
                       prefix,
                       {"plan", words(state.plan)},
                       {"actor", code(shortened(state.trigger.actor, kMaxName))},
                       {"branch", words(shortened(pull.base_branch, kMaxName))}});
    }
    case Ask::Confirm: {
      const auto& asked = std::get<phase::AwaitingConfirm>(report.change.state);
      const PlanId& plan = asked.plan;
      if (plan.empty()) return sentence("summary.ask", {project, {"why", next_step_text(report, command)}});
      const Blank named{"plan", words(plan)};
      if (!asked.trigger.group) return sentence("summary.confirm", {project, prefix, named});
      const Inline why = asked.why.empty() ? sentence("next.differs") : clause(asked.why);
      return sentence("summary.confirm_in_queue", {project, prefix, named, {"why", why}});
    }
    case Ask::Interrupted: {
      const PlanId& left = std::get<phase::Interrupted>(report.change.state).left;
      if (left.empty()) return sentence("summary.interrupted", {project});
      return sentence("summary.interrupted_planned", {project, prefix, {"plan", words(left)}});
    }
    case Ask::Approve:
      return sentence("summary.approve", {project, prefix, policy()});
    case Ask::Denied:
      return sentence("summary.denied", {project, policy()});
    case Ask::Unasked:
      return sentence("summary.unasked", {project, prefix, policy()});
    case Ask::Withheld:
      return sentence("summary.withheld", {project, {"what", next_step_text(report, command)}});
    default:
      return sentence("summary.says", {project, {"what", next_step_text(report, command)}});
  }
}

/// A freeze has an alert of its own; a closed window is part of what happens next.
Inline windows(const std::vector<const ProjectReport*>& projects) {
  std::map<std::pair<std::string, std::string_view>, std::vector<Inline>> closed;
  for (const ProjectReport* project : projects) {
    const auto* window = project->withheld ? std::get_if<WindowClosed>(&*project->withheld) : nullptr;
    if (window == nullptr) continue;
    const bool in_queue = project->mode == ApplyMode::InQueue;
    const std::string_view said = !window->until ? "summary.window_never"
                                  : in_queue     ? "summary.window_in_queue"
                                                 : "summary.window";
    closed[{window->until ? window->opens : "", said}].push_back(project_code(*project));
  }
  Inline out;
  for (auto& [when, names] : closed) {
    const auto& [opens, said] = when;
    const Blank whose{"projects", listed(std::move(names), kMaxProjectsNamed)};
    out += words(" ") +
           (opens.empty() ? sentence(said, {whose}) : sentence(said, {whose, {"opens", words(opens)}}));
  }
  return out;
}

bool is_up_to_people(Ask ask) {
  return ask == Ask::Comment || ask == Ask::Merge || ask == Ask::MergeQueue || ask == Ask::Flags;
}

std::string_view shared_key(Ask ask) {
  switch (ask) {
    case Ask::Compared:
      return "summary.compared";
    case Ask::LetGoCompared:
      return "summary.let_go_compared";
    case Ask::ApplyFailed:
      return "summary.apply_failed";
    case Ask::ApplyFailedInQueue:
      return "summary.apply_failed_in_queue";
    case Ask::Unwritten:
      return "summary.unwritten";
    case Ask::Degraded:
      return "summary.degraded";
    case Ask::Comment:
      return "summary.comment";
    case Ask::Merge:
      return "summary.merge";
    case Ask::MergeQueue:
      return "summary.merge_queue";
    case Ask::Flags:
      return "summary.comment";
    case Ask::PlanFailed:
      return "summary.plan_failed";
    case Ask::Applying:
      return "summary.applying";
    case Ask::Queued:
      return "summary.queued";
    case Ask::Planning:
      return "summary.planning";
    case Ask::Onboarding:
      return "summary.onboarding";
    case Ask::Merged:
      return "summary.merged";
    case Ask::Waiting:
      return "summary.waiting";
    case Ask::Discarded:
      return "summary.discarded";
    case Ask::LeftBehind:
    case Ask::Confirm:
    case Ask::Interrupted:
    case Ask::Approve:
    case Ask::Denied:
    case Ask::Unasked:
    case Ask::Unmet:
    case Ask::Stateless:
    case Ask::PlannedByComment:
    case Ask::Withheld:
    case Ask::Joined:
    case Ask::Applied:
    case Ask::Nothing:
      break;
  }
  return {};
}

/// `slipway plan` shows what a directory would do: nobody merges it, and nothing of it is kept to be applied.
Inline of_files_here(const std::vector<const ProjectReport*>& projects) {
  bool changes = false;
  for (const ProjectReport* project : projects) {
    if (std::holds_alternative<phase::PlanFailed>(project->change.state))
      return sentence("summary.local_failed");
    changes = changes || !std::holds_alternative<phase::NoChanges>(project->change.state);
  }
  return sentence(changes ? "summary.local" : "summary.local_nothing");
}

bool has_bold(const Inline& text) {
  return std::any_of(text.begin(), text.end(),
                     [](const Span& span) { return std::holds_alternative<Bold>(span.value); });
}

}  // namespace

Inline what_happens_next(const PullReport& report, const std::vector<const ProjectReport*>& projects) {
  if (projects.empty()) return {};
  if (report.head.empty()) return of_files_here(projects);
  const bool open = report.pull.state == PullState::Open;
  std::map<Ask, std::vector<const ProjectReport*>> asks;
  const bool closed = report.pull.state == PullState::Closed;
  bool over = closed;
  for (const ProjectReport* project : projects) {
    const auto after =
        closed || (open && was_let_go(*project)) ? asked_after_closing(*project, open) : std::nullopt;
    const Ask ask = after ? *after : ask_of(*project, open);
    over = over && (ask == Ask::Discarded || ask == Ask::Nothing || ask == Ask::Applied);
    asks[ask].push_back(project);
  }
  const Blank branch{"branch", words(shortened(report.base_branch, kMaxName))};
  if (over)
    return any_left_behind(projects) ? sentence("summary.closed_even", {branch}) : sentence("summary.closed");

  Inline out;
  const auto add = [&](Inline text) {
    if (out.empty() && !has_bold(text)) text = bold(std::move(text));
    if (!out.empty()) out += words(" ");
    out += std::move(text);
  };
  for (const auto& [ask, whose] : asks) {
    if (ask == Ask::Applied || ask == Ask::Nothing) continue;
    if (const auto key = shared_key(ask); !key.empty()) {
      std::vector<Inline> names;
      for (const ProjectReport* project : whose) names.push_back(project_code(*project));
      add(sentence(key, {{"projects", listed(std::move(names), kMaxProjectsNamed)},
                         {"command", words(report.command)},
                         branch}) +
          (is_up_to_people(ask) ? windows(whose) : Inline()));
      continue;
    }
    for (std::size_t i = 0; i < std::min(whose.size(), kMaxSingleSentences); ++i)
      add(single(*whose[i], ask, report));
    if (whose.size() > kMaxSingleSentences)
      add(sentence("summary.more",
                   {{"number", words(counted(whose.size() - kMaxSingleSentences, "project", "projects"))}}));
  }
  if (out.empty()) return sentence(asks.contains(Ask::Applied) ? "summary.applied" : "summary.nothing");
  return out;
}

}  // namespace slipway::templates
