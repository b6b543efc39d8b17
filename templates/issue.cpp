#include "templates/characters.h"
#include "templates/limits.h"
#include "templates/messages.h"
#include "templates/next_step.h"
#include "templates/project_section.h"
#include "templates/render.h"
#include "templates/sentences.h"
#include "templates/standing.h"

namespace slipway::templates {
namespace {

using What = ProjectIssue::What;

/// The plan that is to be confirmed.
PlanId asked_plan(const ProjectIssue& issue) {
  const ChangeState& state = issue.project.change.state;
  if (const auto* waiting = std::get_if<phase::AwaitingConfirm>(&state)) return waiting->plan;
  if (const auto* failed = std::get_if<phase::ApplyFailed>(&state)) return failed->left;
  const auto* lost = std::get_if<phase::Interrupted>(&state);
  return lost == nullptr ? PlanId() : lost->left;
}

struct Told {
  Inline title;
  Inline what;
  std::vector<Inline> to_do;
};

Told told(const ProjectIssue& issue) {
  const ProjectReport& report = issue.project;
  const PullId& id = report.change.id.pull;
  const phase::Trigger* trigger = trigger_ever(report.change.state);
  const std::string who = trigger == nullptr || trigger->actor.empty() ? "somebody" : trigger->actor;
  const Blank name{"project", name_of_project(report)};
  const Blank project{"project", project_code(report)};
  const Blank pull{"pull", words(short_name(id))};
  const Blank actor{"actor", code(shortened(who, kMaxName))};
  const Blank branch{"branch", words(shortened(issue.branch, kMaxName))};
  const Blank command{"command", words(issue.command)};
  const PlanId asked = asked_plan(issue);
  const Blank plan{"plan", words(asked)};
  switch (issue.what) {
    case What::ApplyFailed:
      if (trigger != nullptr && trigger->group)
        return {sentence("issue.title", {name}),
                sentence("issue.what_in_queue", {project, pull}),
                {sentence("issue.retry_in_queue", {command, pull}),
                 sentence("issue.correct_in_queue", {pull}), sentence("issue.others", {project})}};
      return {sentence("issue.title", {name}),
              sentence("issue.what", {project, pull}),
              {sentence("issue.retry", {command}), sentence("issue.correct"),
               sentence("issue.others", {project})}};
    case What::LeftBehind: {
      Told out{sentence("issue.left_title", {name}),
               issue.open ? sentence("issue.let_go_what", {project, pull, branch})
                          : sentence("issue.left_what", {project, pull, actor, branch}),
               {sentence(issue.open ? "issue.let_go_keep" : "issue.left_keep", {pull})}};
      if (!asked.empty()) out.to_do.push_back(sentence("issue.left_take_back", {pull, command, plan}));
      return out;
    }
    case What::Pushed: {
      Told out{sentence("issue.pushed_title", {name}),
               sentence("issue.pushed_what", {project, pull, actor, branch}),
               {}};
      if (!asked.empty()) out.to_do.push_back(sentence("issue.pushed_confirm", {command, plan}));
      out.to_do.push_back(sentence("issue.pushed_revert", {branch}));
      return out;
    }
  }
  return {};
}

}  // namespace

Document project_issue(const ProjectIssue& issue) {
  const ProjectReport& report = issue.project;
  Told text = told(issue);
  Document out;
  if (!issue.marker.empty()) out.push_back({MarkerLine{issue.marker}});
  out.push_back({Paragraph{std::move(text.what)}});
  if (issue.over)
    out.push_back({Paragraph{sentence("issue.over", {{"next", next_step_text(report, issue.command)}})}});
  out.push_back({project_section(report, {issue.command, true, issue.over})});
  if (!issue.over) {
    out.push_back({Paragraph{sentence("issue.what_to_do")}});
    out.push_back({BulletList{std::move(text.to_do)}});
  }
  if (!report.run_url.empty())
    out.push_back({SmallPrint{link(sentence("comment.full_log"), report.run_url)}});
  return out;
}

std::string issue_title(const ProjectIssue& issue) {
  std::string title = plain_text(told(issue).title);
  std::erase(title, '`');
  return title;
}

}  // namespace slipway::templates
