#include "bot/work/jobs/issues.h"

#include "bot/work/payload.h"
#include "bot/work/report.h"
#include "core/crypto.h"
#include "templates/render.h"

#include <fmt/format.h>

#include <utility>

namespace slipway::work {
namespace {

using What = templates::ProjectIssue::What;

constexpr std::pair<What, std::string_view> kSlots[] = {
    {What::ApplyFailed, "failed"}, {What::LeftBehind, "left"}, {What::Pushed, "pushed"}};

/// An issue that we opened has this in the place of a comment's id; one that we closed has 0.
constexpr std::int64_t kOpen = 1;

/// What this change has an issue about; nothing: it needs none.
std::optional<What> wanted(const Change& change) {
  const bool asks = std::holds_alternative<phase::AwaitingConfirm>(change.state);
  const bool stopped = std::holds_alternative<phase::ApplyFailed>(change.state);
  if (is_push(change.id.pull) &&
      (asks || stopped || std::holds_alternative<phase::Interrupted>(change.state)))
    return What::Pushed;
  if (stopped) return What::ApplyFailed;
  const phase::Trigger* trigger = trigger_ever(change.state);
  if (asks && trigger->closed) return What::LeftBehind;
  return {};
}

/// Else it goes on, and what its issue says stands until it has ended.
bool ended(const ChangeState& state) {
  const auto* ready = std::get_if<phase::Ready>(&state);
  if (ready != nullptr && !ready->confirmed_by.empty()) return false;
  return std::holds_alternative<phase::Onboarding>(state) || std::holds_alternative<phase::Done>(state) ||
         std::holds_alternative<phase::Degraded>(state) || std::holds_alternative<phase::NoChanges>(state) ||
         std::holds_alternative<phase::Discarded>(state) || std::holds_alternative<phase::Ready>(state);
}

}  // namespace

Outcome SayIssues::perform(const Job& job, const Claim&, std::stop_token stop) {
  const PullId pull = read_pull(JsonReader(job.payload)["pull"]);
  auto report = build_report(tools_, pull, Detail::Bodies);
  if (!report) return Outcome::nothing();
  vcs::Host& host = tools_.host(pull.repo.forge);
  std::vector<store::SaidRow> said;
  const std::vector<PlanId> plans = plans_shown(*report);
  for (templates::ProjectReport& project : report->projects) {
    const Change change = project.change;
    const auto about = wanted(change);
    templates::ProjectIssue issue;
    issue.project = std::move(project);
    issue.repo = pull.repo;
    issue.branch = report->base_branch;
    issue.command = report->command;
    issue.open = report->pull.state == PullState::Open;
    for (const auto& [what, name] : kSlots) {
      store::SaidRow row{pull, fmt::format("issue:{}:{}", name, to_string(change.id.project)), 0, {}, {}};
      tools_.store.read([&](const store::Snapshot& rows) {
        if (auto before = rows.said.find(pull, row.slot)) row = *std::move(before);
      });
      const bool open = row.comment == kOpen;
      const bool wants = about == what;
      if (!wants && (!open || !ended(change.state))) continue;
      issue.what = what;
      issue.over = !wants;
      const std::string title = templates::issue_title(issue);
      const std::string body = templates::to_markdown(issue, host.traits());
      const std::string digest = sha256_hex(body);
      if (wants && open && row.digest == digest) continue;
      if (wants) {
        host.voice().raise_issue(pull.repo, title, body, stop);
      } else {
        host.voice().close_issue(pull.repo, title, body, stop);
      }
      said.push_back({pull, row.slot, wants ? kOpen : 0, digest, tools_.clock.now()});
    }
  }
  // A push has no other place where its plans are shown.
  Outcome outcome = is_push(pull) ? Outcome::of(pull, change::event::Shown{plans}) : Outcome::nothing();
  outcome.rows = [said](store::Transaction& rows) {
    for (const store::SaidRow& row : said) rows.said.save(row);
  };
  return outcome;
}

}  // namespace slipway::work
