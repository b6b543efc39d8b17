#include "templates/next_step.h"

#include "templates/characters.h"
#include "templates/counts.h"
#include "templates/limits.h"
#include "templates/render.h"
#include "templates/sentences.h"
#include "templates/standing.h"
#include "templates/visit.h"

#include <fmt/format.h>

#include <algorithm>

namespace slipway::templates {
namespace {

Inline blocked(const std::vector<Verdict>& verdicts, const std::string& command) {
  const Verdict* gravest = gravest_blocking(verdicts);
  if (gravest == nullptr) return {};
  const Verdict& first = *gravest;
  const Blank policy{"policy", words(first.policy)};
  Inline text;
  if (first.outcome == PolicyOutcome::Error) {
    text = sentence("next.unasked", {policy, {"command", words(command)}});
  } else if (first.level == PolicyLevel::Mandatory) {
    text = sentence("next.mandatory", {policy});
  } else if (first.owners.empty()) {
    text = sentence("next.approval_of_nobody", {policy, {"command", words(command)}});
  } else {
    text = sentence("next.approval", {policy, {"owners", owners_text(first)}});
  }
  const auto blocking =
      std::count_if(verdicts.begin(), verdicts.end(), [](const Verdict& v) { return v.blocks(); });
  if (blocking == 1) return text;
  return sentence("next.and_more", {{"first", text}, {"more", words(std::to_string(blocking - 1))}});
}

/// "Reference to …" goes on as "reference to …"; "IAM …" stays.
std::string as_clause(std::string text) {
  const auto lower = [](char c) { return c >= 'a' && c <= 'z'; };
  if (text.size() > 1 && text[0] >= 'A' && text[0] <= 'Z' && (lower(text[1]) || text[1] == ' '))
    text[0] = static_cast<char>(text[0] - 'A' + 'a');
  return text;
}

/// One visitor for all states and no default: a state without words does not compile.
class NextStep {
 public:
  NextStep(const ProjectReport& report, const std::string& command) : report_(report), command_(command) {}

  Inline operator()(const phase::Waiting& state) const {
    if (report_.change.removed) return sentence("next.removed");
    if (state.reason.empty()) return sentence("next.waiting_plainly");
    return sentence("next.waiting", {{"reason", clause(state.reason)}});
  }
  Inline operator()(const phase::Planning&) const {
    return report_.stale.empty() ? sentence("next.planning") : stale();
  }
  Inline operator()(const phase::PlanFailed& state) const {
    return sentence("next.plan_failed", {{"error", failure_text(state.error, state.diagnostics)}});
  }
  Inline operator()(const phase::NoChanges& state) const {
    if (state.trigger.closed) return sentence("next.left_nothing");
    return report_.stale.empty() ? sentence("next.no_changes") : stale();
  }
  Inline operator()(const phase::Ready& state) const {
    if (!report_.stale.empty()) return stale();
    const bool confirmed = !state.confirmed_by.empty() && !report_.withheld;
    if (!confirmed) return ready();
    return sentence("next.confirmed", {{"actor", code(shortened(state.confirmed_by, kMaxName))}});
  }
  Inline operator()(const phase::Blocked&) const {
    if (!report_.stale.empty()) return stale();
    const Inline text = report_.plan ? blocked(report_.plan->record.verdicts, command_) : Inline{};
    return text.empty() ? ready() : text;
  }
  Inline operator()(const phase::Queued&) const {
    if (compared_with_base()) return sentence("next.left_compared");
    if (report_.withheld) return std::visit(*this, *report_.withheld);
    if (!report_.depends_on.empty())
      return sentence("next.queued_behind", {{"project", with_code(report_.depends_on)}});
    if (report_.queue_ahead.empty()) return sentence("next.queued_next");
    return sentence("next.queued",
                    {{"ahead", words(report_.queue_ahead)}, {"place", words(ordinal(report_.queue_place))}});
  }
  Inline operator()(const Freeze& freeze) const {
    const Blank by{"by", code(shortened(freeze.by, kMaxName))};
    const Blank since{"since", words(minute_of(freeze.since))};
    const Blank reason{"reason", clause(freeze.reason)};
    if (!freeze.until) return sentence("next.frozen", {by, since, reason});
    return sentence("next.frozen_until", {by, since, reason, {"until", words(minute_of(*freeze.until))}});
  }
  Inline operator()(const WindowClosed& closed) const {
    if (!closed.until) return sentence("next.window_never");
    return sentence("next.window", {{"opens", words(closed.opens)}});
  }
  Inline operator()(const phase::Joined& state) const {
    return sentence("next.joined", {{"lead", words(short_name(state.lead.pull))}});
  }
  Inline operator()(const phase::Verifying&) const {
    return compared_with_base() ? sentence("next.left_compared") : sentence("next.verifying");
  }
  Inline operator()(const phase::Replanning& state) const {
    if (compared_with_base()) return sentence("next.left_compared");
    return sentence(state.trigger.group ? "next.replanning_in_queue" : "next.replanning");
  }
  Inline operator()(const phase::AwaitingConfirm& state) const {
    const Inline why = state.why.empty() ? sentence("next.differs") : clause(state.why);
    if (state.plan.empty()) return sentence("next.ask", {{"why", why}});
    return sentence("next.confirm",
                    {{"command", words(command_)}, {"plan", words(state.plan)}, {"why", why}});
  }
  Inline operator()(const phase::Applying& state) const {
    if (state.total == 0) return sentence("next.applying");
    return sentence("next.applying_progress",
                    {{"done", words(grouped(state.done))}, {"total", words(grouped(state.total))}});
  }
  Inline operator()(const phase::Applied& state) const {
    return sentence(state.replanned ? "next.applied_replanned" : "next.applied",
                    {{"changes", applied_changes()}});
  }
  Inline operator()(const phase::ApplyFailed& state) const {
    if (waits_to_be_written(report_)) return sentence("next.unwritten");
    const bool queued = state.trigger.group;
    if (state.done == 0)
      return sentence(queued ? "next.apply_failed_at_start_in_queue" : "next.apply_failed_at_start",
                      {{"command", words(command_)}});
    return sentence(queued ? "next.apply_failed_in_queue" : "next.apply_failed",
                    {{"done", words(grouped(state.done))},
                     {"total", words(grouped(state.total))},
                     {"command", words(command_)}});
  }
  Inline operator()(const phase::Interrupted& state) const {
    if (waits_to_be_written(report_)) return sentence("next.unwritten");
    const Inline finding = clause(state.finding);
    if (state.left.empty()) return sentence("next.interrupted", {{"finding", finding}});
    return sentence("next.interrupted_planned",
                    {{"finding", finding}, {"command", words(command_)}, {"plan", words(state.left)}});
  }
  Inline operator()(const phase::Onboarding& state) const {
    return sentence("next.onboarding", {{"applied", (*this)(state.applied)}});
  }
  Inline operator()(const phase::Done& state) const { return (*this)(state.applied); }
  Inline operator()(const phase::Degraded& state) const {
    const Inline failure =
        state.failures.empty() ? sentence("next.hook_gave_up") : hook_failure(state.failures.front());
    return sentence("next.degraded", {{"applied", (*this)(state.applied)}, {"failure", failure}});
  }
  Inline operator()(const phase::Discarded& state) const {
    if (state.why.empty()) return sentence("next.discarded_plainly");
    return sentence("next.discarded", {{"why", clause(state.why)}});
  }

 private:
  /// Nobody has asked to take it back yet: it is only being looked at.
  bool compared_with_base() const {
    const phase::Trigger* trigger = left_behind(report_);
    return trigger != nullptr && !trigger->confirmed;
  }
  /// "approved: no review …", as `approved` (no review …)
  static Inline requirement(const std::string& unmet) {
    const auto colon = unmet.find(": ");
    if (colon == std::string::npos) return code(shortened(unmet, kMaxName));
    return sentence("next.requirement", {{"name", words(shortened(unmet.substr(0, colon), kMaxName))},
                                         {"why", clause(unmet.substr(colon + 2))}});
  }

  Inline stale() const { return sentence("next.stale", {{"why", clause(report_.stale)}}); }

  Inline applied_changes() const {
    return words(report_.plan ? done(report_.plan->record.counts) : std::string("done"));
  }

  Inline ready() const {
    if (!report_.stateless.empty()) return sentence("next.stateless", {{"why", clause(report_.stateless)}});
    if (!report_.unmet.empty()) {
      std::vector<Inline> requirements;
      for (const std::string& unmet : report_.unmet) requirements.push_back(requirement(unmet));
      return sentence("next.unmet", {{"requirements", listed(std::move(requirements), 3)}});
    }
    const Blank command{"command", words(command_)};
    if (report_.plan && !report_.plan->record.flags.empty()) {
      const std::string flags = fmt::format("{}", fmt::join(report_.plan->record.flags, " "));
      return sentence("next.with_flags", {command, {"flags", words(shortened(flags, kMaxName))}});
    }
    const Blank next{"next", asked_for(command)};
    if (!report_.withheld) return next.value;
    return std::visit(Cases{[&](const Freeze&) { return sentence("next.once_thawed", {next}); },
                            [&](const WindowClosed& closed) {
                              if (!closed.until) return sentence("next.once_never", {next});
                              return sentence("next.once_opened", {next, {"opens", words(closed.opens)}});
                            }},
                      *report_.withheld);
  }

  Inline asked_for(const Blank& command) const {
    switch (report_.mode) {
      case ApplyMode::OnMerge:
        return sentence("next.on_merge");
      case ApplyMode::OnComment:
        return sentence("next.on_comment", {command});
      case ApplyMode::InQueue:
        return sentence("next.in_queue");
    }
    return {};
  }

  const ProjectReport& report_;
  const std::string& command_;
};

}  // namespace

std::string ordinal(std::size_t number) {
  const std::size_t tens = number % 100;
  const bool teens = tens >= 11 && tens <= 13;
  const std::size_t last = teens ? 0 : number % 10;
  return grouped(number) + (last == 1 ? "st" : last == 2 ? "nd" : last == 3 ? "rd" : "th");
}

const Verdict* gravest_blocking(const std::vector<Verdict>& verdicts) {
  const auto weight = [](const Verdict& verdict) {
    if (!verdict.blocks()) return 0;
    if (verdict.outcome == PolicyOutcome::Error) return 1;
    return verdict.level == PolicyLevel::Mandatory ? 3 : 2;
  };
  const auto found =
      std::max_element(verdicts.begin(), verdicts.end(),
                       [&](const Verdict& a, const Verdict& b) { return weight(a) < weight(b); });
  return found == verdicts.end() || weight(*found) == 0 ? nullptr : &*found;
}

Inline owners_text(const Verdict& verdict) {
  constexpr std::size_t kMost = 4;
  Inline out;
  for (std::size_t i = 0; i < verdict.owners.size() && i < kMost; ++i) {
    if (i > 0) out += words(i + 1 == verdict.owners.size() ? " or " : ", ");
    out += code(shortened(verdict.owners[i], kMaxName));
  }
  if (verdict.owners.size() > kMost) out += words(" or " + grouped(verdict.owners.size() - kMost) + " more");
  return out;
}

Inline failure_text(const std::string& error, const std::vector<Diagnostic>& diagnostics) {
  const auto first = std::find_if(diagnostics.begin(), diagnostics.end(),
                                  [](const Diagnostic& found) { return found.error; });
  if (first == diagnostics.end()) return clause(error);
  if (first->file.empty()) return said(shortened(first->summary, kMaxSentence));
  return code(shortened(fmt::format("{}:{}", first->file, first->line), kMaxName)) + words(" ") +
         said(shortened(as_clause(first->summary), kMaxSentence));
}

Inline hook_failure(const phase::HookFailure& failure) {
  Inline why = clause(failure.why);
  if (failure.hook.empty()) return why;
  return sentence("next.hook_failure", {{"hook", code(shortened(failure.hook, kMaxName))},
                                        {"machine", code(shortened(failure.machine, kMaxName))},
                                        {"why", why}});
}

Inline next_step_text(const ProjectReport& report, const std::string& command) {
  return std::visit(NextStep(report, command), report.change.state);
}

std::string next_step(const ProjectReport& report, const std::string& command) {
  return plain_text(next_step_text(report, command));
}

}  // namespace slipway::templates
