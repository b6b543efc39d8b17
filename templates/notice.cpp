#include "templates/characters.h"
#include "templates/counts.h"
#include "templates/limits.h"
#include "templates/machines_preview.h"
#include "templates/messages.h"
#include "templates/next_step.h"
#include "templates/plan_comment.h"
#include "templates/sentences.h"
#include "templates/standing.h"

#include <algorithm>

namespace slipway::templates {
namespace {

constexpr std::size_t kMaxProjectsNamed = 8;
constexpr std::size_t kMaxMentions = 10;

using What = ResultNotice::What;

template <class State>
const State* as(const ProjectReport& report) {
  return std::get_if<State>(&report.change.state);
}

Inline counts_of(const ProjectReport& report) {
  return words(report.plan ? done(report.plan->record.counts) : std::string("done"));
}

/// One project, as the notice's kind tells it.
Inline told(const ProjectReport& report, What what, const std::string& command) {
  const Blank project{"project", project_code(report)};
  const Blank prefix{"command", words(command)};
  switch (what) {
    case What::Applied:
      return sentence("notice.applied", {project, {"changes", counts_of(report)}});
    case What::ApplyFailed:
      if (const auto* state = as<phase::ApplyFailed>(report)) {
        const Blank error{"error", failure_text(state->error, state->diagnostics)};
        if (state->done == 0) return sentence("notice.apply_failed_at_start", {project, error});
        return sentence(
            "notice.apply_failed",
            {project, error, {"done", words(grouped(state->done))}, {"total", words(grouped(state->total))}});
      }
      break;
    case What::Interrupted:
      if (const auto* state = as<phase::Interrupted>(report))
        return sentence("notice.interrupted", {project, {"finding", clause(state->finding)}});
      break;
    case What::AwaitingConfirm:
      if (const auto* state = as<phase::AwaitingConfirm>(report)) {
        const Inline why = state->why.empty() ? sentence("next.differs") : clause(state->why);
        if (state->trigger.let_go && !state->plan.empty())
          return sentence("notice.let_go", {project, prefix, {"plan", words(state->plan)}});
        if (state->plan.empty()) return sentence("notice.asks", {project, {"why", why}});
        return sentence(state->trigger.group ? "notice.confirm_in_queue" : "notice.confirm",
                        {project, prefix, {"why", why}, {"plan", words(state->plan)}});
      }
      break;
    case What::DestroysChanged:
      return sentence("notice.destroys", {project});
    case What::Degraded:
      if (const auto* state = as<phase::Degraded>(report)) {
        std::vector<Inline> failures;
        for (const phase::HookFailure& failure : state->failures) failures.push_back(hook_failure(failure));
        return sentence("notice.degraded",
                        {project, {"changes", counts_of(report)}, {"failures", listed(failures, 3)}});
      }
      break;
  }
  return sentence("notice.now", {project, {"next", next_step_text(report, command)}});
}

std::string_view closing(What what, bool in_queue) {
  switch (what) {
    case What::Applied:
      return {};
    case What::ApplyFailed:
      return in_queue ? "notice.retry_in_queue" : "notice.retry";
    case What::Interrupted:
      return "notice.look";
    case What::AwaitingConfirm:
      return "notice.until_then";
    case What::DestroysChanged:
      return "notice.look_again";
    case What::Degraded:
      return "notice.hook_retries";
  }
  return {};
}

Inline mentions(const std::vector<std::string>& logins) {
  Inline out;
  for (std::size_t i = 0; i < std::min(logins.size(), kMaxMentions); ++i) {
    out.push_back({Mention{logins[i]}});
    out += words(" ");
  }
  return out;
}

}  // namespace

Document result_notice(const ResultNotice& notice) {
  const auto projects = worst_first(notice.projects);
  Document out;
  if (!notice.marker.empty()) out.push_back({MarkerLine{notice.marker}});
  std::vector<Inline> lines;
  for (std::size_t i = 0; i < std::min(projects.size(), kMaxProjectsNamed); ++i)
    lines.push_back(told(*projects[i], notice.what, notice.command));
  if (projects.size() > kMaxProjectsNamed)
    lines.push_back(
        sentence("notice.more", {{"number", words(grouped(projects.size() - kMaxProjectsNamed))}}));
  if (lines.size() == 1) {
    out.push_back({Paragraph{std::move(lines.front())}});
  } else if (!lines.empty()) {
    out.push_back({BulletList{std::move(lines)}});
  }
  if (notice.what == What::DestroysChanged) {
    if (Inline destroys = destroys_text(projects); !destroys.empty())
      out.push_back({Alert{Alert::Kind::Caution, {{Paragraph{std::move(destroys)}}}}});
  }
  if (notice.what == What::Applied || notice.what == What::Degraded) {
    for (std::size_t i = 0; i < std::min(projects.size(), kMaxProjectsNamed); ++i)
      for (Block& block : machines_text(projects[i]->machines, Tense::Was)) out.push_back(std::move(block));
  }
  Inline end = mentions(notice.mentions);
  const bool in_queue = std::any_of(projects.begin(), projects.end(), [](const ProjectReport* report) {
    const phase::Trigger* trigger = trigger_ever(report->change.state);
    return trigger != nullptr && trigger->group;
  });
  if (const auto key = closing(notice.what, in_queue); !key.empty())
    end += sentence(key, {{"command", words(notice.command)}}) + words(" ");
  if (!notice.sticky_url.empty()) end += link(sentence("notice.sticky"), notice.sticky_url);
  if (!end.empty()) out.push_back({Paragraph{std::move(end)}});
  return out;
}

}  // namespace slipway::templates
