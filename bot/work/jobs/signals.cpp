#include "bot/work/jobs/signals.h"

#include "bot/change/action.h"
#include "bot/work/enact.h"
#include "bot/work/payload.h"
#include "bot/work/report.h"
#include "bot/work/statuses.h"
#include "core/log.h"
#include "templates/render.h"

#include <set>

namespace slipway::work {
namespace {

vcs::Reaction reaction_of(change::Emoji emoji) {
  switch (emoji) {
    case change::Emoji::Eyes:
      return vcs::Reaction::Eyes;
    case change::Emoji::Rocket:
      return vcs::Reaction::Rocket;
    case change::Emoji::ThumbsDown:
      return vcs::Reaction::ThumbsDown;
    case change::Emoji::Confused:
      return vcs::Reaction::Confused;
  }
  return vcs::Reaction::Eyes;
}

/// The head that the rows are about, and what was merged: a result stands on both.
std::set<Sha> commits_of(const templates::PullReport& report) {
  std::set<Sha> out = {report.pull.head};
  if (report.pull.state == PullState::Merged && !report.pull.merge_commit.empty())
    out.insert(report.pull.merge_commit);
  return out;
}

}  // namespace

Outcome React::perform(const Job& job, const Claim&, std::stop_token stop) {
  const JsonReader in(job.payload);
  const PullId pull = read_pull(in["pull"]);
  const auto emoji = static_cast<change::Emoji>(in["emoji"].integer());
  vcs::Host& host = tools_.host(pull.repo.forge);
  if (host.traits().reactions) host.voice().react({pull, in["comment"].integer()}, reaction_of(emoji), stop);
  return Outcome::nothing();
}

Outcome React::give_up(const Job&, const std::string&) { return Outcome::nothing(); }

Outcome SetStatuses::perform(const Job& job, const Claim&, std::stop_token stop) {
  const PullId pull = read_pull(JsonReader(job.payload)["pull"]);
  const auto report = build_report(tools_, pull, Detail::Rows);
  if (!report) return Outcome::nothing();
  const auto shown = templates::statuses(*report, tools_.host(pull.repo.forge).traits());
  StatusWriter writer(tools_, pull.repo, report->page_url);
  for (const Sha& commit : commits_of(*report))
    for (const templates::StatusShown& status : shown) writer.write(commit, status, stop);
  if (!report->group.empty())
    for (const auto& status : templates::group_statuses(*report, tools_.host(pull.repo.forge).traits()))
      writer.write(report->group, status, stop);
  return std::move(writer).outcome();
}

void SetStatuses::came_late(const Job& job) {
  const PullId pull = read_pull(JsonReader(job.payload)["pull"]);
  const auto report = build_report(tools_, pull, Detail::Rows);
  if (!report) return;
  const auto shown = templates::statuses(*report, tools_.host(pull.repo.forge).traits());
  tools_.store.transact([&](store::Transaction& rows) {
    std::set<Sha> commits = commits_of(*report);
    if (!report->group.empty()) commits.insert(report->group);
    for (const Sha& commit : commits)
      for (const templates::StatusShown& status : shown)
        rows.said.save_status(pull.repo, commit, status.context, std::string(kSpokenOver));
    change::Decision again;
    again.actions.push_back(change::action::SetStatuses{pull});
    enact(rows, again, tools_.clock.now());
  });
}

}  // namespace slipway::work
