#include "templates/messages.h"
#include "templates/project_section.h"
#include "templates/render.h"
#include "templates/sentences.h"
#include "templates/standing.h"

namespace slipway::templates {
namespace {

Blank pull_blank(const PullId& pull) { return {"pull", words("#" + std::to_string(pull.number))}; }

}  // namespace

Document failure_issue(const FailureIssue& issue) {
  const ProjectReport& report = issue.project;
  const Blank project{"project", project_code(report)};
  const Blank command{"command", words(issue.command)};
  Document out;
  if (!issue.marker.empty()) out.push_back({MarkerLine{issue.marker}});
  out.push_back({Paragraph{sentence("issue.what", {project, pull_blank(report.change.id.pull)})}});
  out.push_back({project_section(report, {issue.command, true, false})});
  out.push_back({Paragraph{sentence("issue.what_to_do")}});
  out.push_back({BulletList{
      {sentence("issue.retry", {command}), sentence("issue.correct"), sentence("issue.others", {project})}}});
  if (!report.run_url.empty())
    out.push_back({SmallPrint{link(sentence("comment.full_log"), report.run_url)}});
  return out;
}

std::string issue_title(const FailureIssue& issue) {
  std::string title = plain_text(sentence("issue.title", {{"project", name_of_project(issue.project)}}));
  std::erase(title, '`');
  return title;
}

}  // namespace slipway::templates
