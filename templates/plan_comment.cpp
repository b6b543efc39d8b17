#include "templates/plan_comment.h"

#include "core/function_ref.h"
#include "templates/characters.h"
#include "templates/counts.h"
#include "templates/limits.h"
#include "templates/policy_section.h"
#include "templates/project_section.h"
#include "templates/project_table.h"
#include "templates/sentences.h"
#include "templates/standing.h"

#include <algorithm>

namespace slipway::templates {
namespace {

using Projects = std::vector<const ProjectReport*>;

bool all_ended(const Projects& projects) {
  return !projects.empty() && std::all_of(projects.begin(), projects.end(),
                                          [](const ProjectReport* report) { return ended(*report); });
}

bool any_applied(const Projects& projects) {
  return std::any_of(projects.begin(), projects.end(),
                     [](const ProjectReport* report) { return was_applied(*report); });
}

/// With one project there is no table: the heading carries its counts.
Inline only_project(const ProjectReport& report) {
  Inline out = words(": ") + project_code(report);
  if (std::holds_alternative<phase::PlanFailed>(report.change.state)) return out + words(" failed");
  if (!report.plan) return out;
  const PlanCounts& counts = report.plan->record.counts;
  return out + words(", " + (was_applied(report) ? done(counts) : to_do(counts)));
}

Heading heading(const PullReport& report, const Projects& projects) {
  const Blank head{"head", words(short_sha(report.head))};
  const Blank branch{"branch", words(shortened(report.base_branch, kMaxName))};
  Inline text;
  const bool open = report.pull.state == PullState::Open;
  if (report.pull.state == PullState::Closed && any_left_behind(projects)) {
    text = sentence("comment.plan_after_closing", {head, branch});
  } else if (open && std::any_of(projects.begin(), projects.end(),
                                 [](const ProjectReport* one) { return was_let_go(*one); })) {
    text = sentence("comment.plan_after_letting_go", {head, branch});
  } else if (report.head.empty()) {
    text = sentence("comment.local");
  } else if (all_ended(projects) && any_applied(projects)) {
    text = sentence("comment.applied", {head, branch});
  } else if (report.pull.state == PullState::Merged && !projects.empty()) {
    text = sentence("comment.apply", {head, branch});
  } else if (report.base.empty() || projects.empty()) {
    text = sentence("comment.plan_of_head", {head});
  } else {
    text = sentence("comment.plan", {head, branch, {"base", words(short_sha(report.base))}});
  }
  if (projects.size() == 1) text += only_project(*projects.front());
  return {3, std::move(text)};
}

std::vector<Inline> some(const std::vector<std::string>& texts,
                         FunctionRef<Inline(const std::string&)> draw) {
  std::vector<Inline> out;
  for (std::size_t i = 0; i < std::min(texts.size(), kMaxListed); ++i)
    out.push_back(draw(shortened(texts[i], kMaxSentence)));
  if (texts.size() > kMaxListed) out.push_back(words(grouped(texts.size() - kMaxListed) + " more"));
  return out;
}

void add_obstacles(const PullReport& report, Document& out) {
  if (!report.waits_for.empty()) {
    const Inline what = clause(report.waits_for);
    out.push_back({Alert{Alert::Kind::Note, {{Paragraph{sentence("comment.waits", {{"what", what}})}}}}});
  }
  if (!report.conflicts.empty()) {
    const Inline files =
        listed(some(report.conflicts, [](const std::string& file) { return code(file); }), kMaxListed + 1);
    const Blank branch{"branch", words(shortened(report.base_branch, kMaxName))};
    out.push_back({Alert{Alert::Kind::Warning,
                         {{Paragraph{sentence("comment.conflict", {{"files", files}, branch})}}}}});
  }
}

Inline frozen(const Freeze& freeze, bool in_queue) {
  const FreezeScope& scope = freeze.scope;
  const Blank what{"what", scope.everywhere()   ? sentence("comment.frozen_everything")
                           : scope.whole_repo() ? sentence("comment.frozen_repo")
                                                : code(shortened(to_string(scope), kMaxName))};
  const Blank by{"by", code(shortened(freeze.by, kMaxName))};
  const Blank since{"since", words(minute_of(freeze.since))};
  const Blank reason{"reason", clause(freeze.reason)};
  const Blank then{"then", sentence(in_queue ? "comment.frozen_in_queue" : "comment.frozen_waits")};
  if (!freeze.until) return sentence("comment.frozen", {what, by, since, reason, then});
  return sentence("comment.frozen_until",
                  {what, by, since, reason, then, {"until", words(minute_of(*freeze.until))}});
}

/// Each freeze once, of all that hold back something which is still ahead.
void add_freezes(const Projects& projects, bool open, Document& out) {
  std::vector<const Freeze*> said;
  for (const ProjectReport* project : projects) {
    const auto* freeze = project->withheld ? std::get_if<Freeze>(&*project->withheld) : nullptr;
    if (freeze == nullptr || ended(*project)) continue;
    const bool again =
        std::any_of(said.begin(), said.end(), [&](const Freeze* one) { return *one == *freeze; });
    if (again || said.size() == kMaxListed) continue;
    said.push_back(freeze);
    const bool in_queue = open && project->mode == ApplyMode::InQueue;
    out.push_back({Alert{Alert::Kind::Warning, {{Paragraph{frozen(*freeze, in_queue)}}}}});
  }
}

void add_notes(const PullReport& report, Document& out) {
  if (report.notes.empty()) return;
  if (report.notes.size() == 1) {
    out.push_back({Alert{Alert::Kind::Note, {{Paragraph{clause(report.notes.front())}}}}});
  } else {
    const auto note = [](const std::string& text) { return with_code(text); };
    out.push_back({Alert{Alert::Kind::Note, {{BulletList{some(report.notes, note)}}}}});
  }
}

SmallPrint small_print(const PullReport& report, const Projects& projects) {
  const bool alone = projects.size() == 1;
  const Blank command{"command", words(report.command)};
  Inline out;
  const auto add = [&](Inline part) {
    if (!out.empty() && !part.empty()) out += words(" · ");
    out += std::move(part);
  };
  const std::string& url =
      alone && !projects.front()->run_url.empty() ? projects.front()->run_url : report.page_url;
  if (!url.empty()) add(link(sentence(alone ? "comment.full_log" : "comment.all_logs"), url));
  // Before anything is pushed there is nothing to comment on.
  if (!report.head.empty()) {
    if (!all_ended(projects)) add(sentence("comment.plan_again", {command}));
    add(sentence("comment.all_commands", {command}));
  }
  if (!report.sandbox.empty())
    add(sentence("comment.sandbox", {{"level", with_code(shortened(report.sandbox, kMaxName))}}));
  if (!alone) return {std::move(out)};
  // What the table would tell.
  if (const auto& plan = projects.front()->plan; plan && !plan->record.verdicts.empty())
    add(sentence("comment.policies", {{"tally", policy_cell(plan->record.verdicts)}}));
  add(plan_kept_until(*projects.front()));
  return {std::move(out)};
}

}  // namespace

Document plan_comment(const PullReport& report) {
  const Projects projects = worst_first(report);
  Document out;
  if (!report.marker.empty()) out.push_back({MarkerLine{report.marker}});
  out.push_back({heading(report, projects)});
  add_obstacles(report, out);
  add_freezes(projects, report.pull.state == PullState::Open, out);
  if (Inline destroys = destroys_text(projects); !destroys.empty())
    out.push_back({Alert{Alert::Kind::Caution, {{Paragraph{std::move(destroys)}}}}});
  add_notes(report, out);
  if (projects.size() > 1) out.push_back({project_table(projects, report.command)});
  const SectionStyle style{report.command, projects.size() == 1, all_ended(projects)};
  for (const ProjectReport* project : projects)
    if (has_section(*project)) out.push_back({project_section(*project, style)});
  if (projects.empty() && report.waits_for.empty() && report.conflicts.empty())
    out.push_back({Paragraph{sentence("comment.no_project")}});
  if (Inline next = what_happens_next(report, projects); !next.empty())
    out.push_back({Paragraph{std::move(next)}});
  if (SmallPrint print = small_print(report, projects); !print.text.empty())
    out.push_back({std::move(print)});
  return out;
}

}  // namespace slipway::templates
