#include "bot/work/jobs/group.h"

#include "bot/change/gate.h"
#include "bot/work/judge.h"
#include "bot/work/payload.h"
#include "bot/work/projects.h"
#include "bot/work/run_log.h"
#include "bot/work/statuses.h"
#include "core/failure.h"

#include <fmt/format.h>

namespace slipway::work {

templates::ProjectReport Group::plan(const RepoId& repo, const Sha& tree,
                                     const change::event::FoundProject& project, std::int64_t fence,
                                     std::stop_token stop) {
  Change change;
  change.id = {{repo, 0}, project.id};
  change.merge_tree = tree;
  change.files_digest = project.files_digest;
  const RunId run = tools_.random.hex(change::Draft::kRunIdDigits);
  StoredLog log(tools_, {run, change.id, "plan", tree, "merge queue", {}, {}, {}, {}});
  const Place place = prepare_place(tools_, change, run, Phase::Plan, fence, stop);
  const auto made = tools_.terraform.plan(
      {place.run, place.settings, {}, tools_.keyring.derive("sensitive values")}, log, stop);
  templates::ProjectReport report;
  std::function<void(store::Transaction&)> end;
  if (const auto* good = std::get_if<runner::PlanMade>(&made)) {
    const PlanRecord record = keep_plan(tools_, change, place, *good, {}, stop);
    if (record.counts.none()) {
      change.state = phase::NoChanges{record.id};
    } else if (change::blocking(record).empty()) {
      change.state = phase::Ready{record.id};
    } else {
      change.state = phase::Blocked{record.id};
    }
    report.plan = templates::PlanShown{record, good->plan};
    end = log.end("ok", "planned for the merge queue");
  } else if (const auto* failed = std::get_if<runner::RunFailed>(&made)) {
    change.state = phase::PlanFailed{run, failed->summary, failed->diagnostics};
    end = log.end("failed", failed->summary);
  } else {
    throw Stopped();
  }
  tools_.store.transact([&](store::Transaction& rows) { end(rows); });
  clear_place(place.run);
  report.change = std::move(change);
  return report;
}

Outcome Group::perform(const Job& job, const Claim&, std::stop_token stop) {
  const JsonReader in(job.payload);
  const RepoId repo = read_repo(in["repo"]);
  const Sha head = in["head"].string();
  vcs::Host& host = tools_.host(repo.forge);
  vcs::Repository& repository = tools_.repositories.of(repo);
  const config::RepoConfig config = tools_.repo(repo);
  repository.fetch(host.git_access(repo), in["branch"].string(), {}, stop);
  repository.fetch_commit(host.git_access(repo), head, stop);
  const Sha tree = repository.tree_of(head);
  const Found found =
      find_projects(tools_, repository, config, repository.tree_of(in["base"].string()), tree);

  templates::PullReport report;
  report.pull.id = {repo, 0};
  report.pull.head = head;
  report.head = head;
  report.base_branch = in["branch"].string();
  report.command = tools_.config.command_prefixes.front();
  for (const change::event::FoundProject& project : found.projects)
    report.projects.push_back(plan(repo, tree, project, job.fence, stop));
  StatusWriter writer(tools_, repo, tools_.config.public_url + "/");
  for (const templates::StatusShown& status : templates::statuses(report, host.traits()))
    writer.write(head, status, stop);
  return std::move(writer).outcome();
}

}  // namespace slipway::work
