#include "templates/standing.h"

#include "templates/characters.h"
#include "templates/limits.h"
#include "templates/visit.h"

#include <algorithm>

namespace slipway::templates {
namespace {

bool dangerous(const ProjectReport& report) {
  if (!report.plan) return false;
  const PlanCounts& counts = report.plan->record.counts;
  return counts.destroy + counts.replace > 0;
}

template <class... State>
bool is_one_of(const ChangeState& state) {
  return (std::holds_alternative<State>(state) || ...);
}

bool plain_path(std::string_view name) {
  if (name.empty() || name.find("www.") != std::string_view::npos) return false;
  const bool hex = std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
  });
  return !(hex && name.size() >= 7) && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '/' ||
           c == '_' || c == '-' || c == '.';
  });
}

std::string shown_name(const ProjectReport& report) {
  return shortened(to_string(report.change.id.project), kMaxName);
}

}  // namespace

Standing standing(const ProjectReport& report) {
  const auto planned = [&] { return dangerous(report) ? Standing::Danger : Standing::Changes; };
  return std::visit(Cases{[](const phase::Waiting&) { return Standing::Waiting; },
                          [](const phase::Planning&) { return Standing::Working; },
                          [](const phase::PlanFailed&) { return Standing::PlanFailed; },
                          [](const phase::NoChanges&) { return Standing::Nothing; },
                          [&](const phase::Ready&) { return planned(); },
                          [](const phase::Blocked&) { return Standing::Danger; },
                          [](const phase::Queued&) { return Standing::Working; },
                          [](const phase::Joined&) { return Standing::Working; },
                          [](const phase::Verifying&) { return Standing::Working; },
                          [](const phase::Replanning&) { return Standing::Working; },
                          [](const phase::AwaitingConfirm&) { return Standing::Danger; },
                          [](const phase::Applying&) { return Standing::Working; },
                          [](const phase::Applied&) { return Standing::Done; },
                          [](const phase::ApplyFailed&) { return Standing::ApplyFailed; },
                          [](const phase::Interrupted&) { return Standing::ApplyFailed; },
                          [](const phase::Onboarding&) { return Standing::Working; },
                          [](const phase::Done&) { return Standing::Done; },
                          [](const phase::Degraded&) { return Standing::Changes; },
                          [](const phase::Discarded&) { return Standing::Waiting; }},
                    report.change.state);
}

std::string_view emoji(Standing standing) {
  switch (standing) {
    case Standing::ApplyFailed:
    case Standing::PlanFailed:
      return "❌";
    case Standing::Danger:
      return "🔴";
    case Standing::Changes:
      return "🟡";
    case Standing::Working:
      return "⏳";
    case Standing::Waiting:
      return "⚪";
    case Standing::Nothing:
      return "🟢";
    case Standing::Done:
      return "✅";
  }
  return "";
}

std::vector<const ProjectReport*> worst_first(const PullReport& report) {
  auto out = worst_first(report.projects);
  std::erase_if(out, [&](const ProjectReport* project) {
    const auto* discarded = std::get_if<phase::Discarded>(&project->change.state);
    return discarded != nullptr && (discarded->untouched || project->change.head != report.head);
  });
  return out;
}

std::vector<const ProjectReport*> worst_first(const std::vector<ProjectReport>& projects) {
  std::vector<const ProjectReport*> out;
  for (const ProjectReport& report : projects) out.push_back(&report);
  std::stable_sort(out.begin(), out.end(), [](const ProjectReport* a, const ProjectReport* b) {
    const Standing left = standing(*a);
    const Standing right = standing(*b);
    return left != right ? left < right : a->change.id.project < b->change.id.project;
  });
  return out;
}

const phase::Trigger* left_behind(const ProjectReport& report) {
  const phase::Trigger* trigger = trigger_ever(report.change.state);
  return trigger != nullptr && trigger->closed ? trigger : nullptr;
}

bool any_left_behind(const std::vector<const ProjectReport*>& projects) {
  return std::any_of(projects.begin(), projects.end(),
                     [](const ProjectReport* report) { return left_behind(*report) != nullptr; });
}

bool was_let_go(const ProjectReport& report) {
  const phase::Trigger* trigger = left_behind(report);
  return trigger != nullptr && trigger->let_go;
}

bool was_applied(const ProjectReport& report) {
  return is_one_of<phase::Applied, phase::Onboarding, phase::Done, phase::Degraded>(report.change.state);
}

bool waits_to_be_written(const ProjectReport& report) {
  const UnwrittenState* unwritten = unwritten_of(report.change.state);
  if (unwritten == nullptr || unwritten->written) return false;
  const auto* failed = std::get_if<phase::ApplyFailed>(&report.change.state);
  const auto* lost = std::get_if<phase::Interrupted>(&report.change.state);
  return (failed != nullptr && failed->left.empty()) || (lost != nullptr && lost->left.empty());
}

bool ended(const ProjectReport& report) {
  return is_one_of<phase::Applied, phase::Done, phase::NoChanges, phase::Discarded>(report.change.state);
}

bool changes_ahead(const ProjectReport& report) {
  if (!report.plan || was_applied(report)) return false;
  // Of an apply that stopped, only what is left is ahead; what it was made from is partly done.
  const PlanId& plan = report.plan->record.id;
  if (const auto* failed = std::get_if<phase::ApplyFailed>(&report.change.state)) return plan == failed->left;
  if (const auto* lost = std::get_if<phase::Interrupted>(&report.change.state)) return plan == lost->left;
  return !is_one_of<phase::NoChanges, phase::Discarded>(report.change.state);
}

Inline name_of_project(const ProjectReport& report) {
  const std::string name = shown_name(report);
  return plain_path(name) ? words(name) : code(name);
}

Inline project_code(const ProjectReport& report) { return code(shown_name(report)); }

}  // namespace slipway::templates
