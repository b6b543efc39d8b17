#include "templates/project_table.h"

#include "templates/counts.h"
#include "templates/machines_preview.h"
#include "templates/next_step.h"
#include "templates/policy_section.h"
#include "templates/standing.h"
#include "templates/visit.h"

#include <algorithm>

namespace slipway::templates {
namespace {

std::string plan_cell(const ProjectReport& report) {
  const auto counts = [&] { return report.plan ? in_signs(report.plan->record.counts) : std::string("–"); };
  return std::visit(Cases{[&](const phase::Planning&) { return std::string("planning"); },
                          [&](const phase::Replanning&) { return std::string("planning"); },
                          [&](const phase::PlanFailed&) { return std::string("failed"); },
                          [&](const phase::NoChanges&) { return std::string("no changes"); },
                          [&](const auto&) { return counts(); }},
                    report.change.state);
}

Inline policies_of(const ProjectReport& report) {
  return policy_cell(report.plan ? report.plan->record.verdicts : std::vector<Verdict>{});
}

}  // namespace

Table project_table(const std::vector<const ProjectReport*>& projects, const std::string& command) {
  const bool policies = std::any_of(projects.begin(), projects.end(), [](const ProjectReport* report) {
    return report->plan && !report->plan->record.verdicts.empty();
  });
  const bool machines = std::any_of(projects.begin(), projects.end(), [](const ProjectReport* report) {
    return !machines_in_signs(report->machines).empty();
  });
  Table table;
  table.header = {{}, words("Project"), words("Plan")};
  if (policies) table.header.push_back(words("Policy"));
  if (machines) table.header.push_back(words("Machines"));
  table.header.push_back(words("Next"));
  for (const ProjectReport* report : projects) {
    std::vector<Inline> row = {words(std::string(emoji(standing(*report)))),
                               link(project_code(*report), report->run_url), words(plan_cell(*report))};
    if (policies) row.push_back(policies_of(*report));
    if (machines) row.push_back(words(machines_in_signs(report->machines)));
    row.push_back(next_step_text(*report, command));
    table.rows.push_back(std::move(row));
  }
  return table;
}

}  // namespace slipway::templates
