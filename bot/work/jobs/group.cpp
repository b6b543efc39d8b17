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

namespace {

/// A required status that is never set would hold the forge's queue up: what can't be planned fails.
Outcome fail(const Tools& tools, const RepoId& repo, const Sha& head, const std::string& why,
             std::stop_token stop) {
  StatusWriter writer(tools, repo, tools.config.public_url + "/");
  for (const auto context : {templates::kPlanContext, templates::kPolicyContext, templates::kApplyContext})
    writer.write(head, {std::string(context), templates::StatusLook::Failure, {why}}, stop);
  return std::move(writer).outcome();
}

}  // namespace

templates::ProjectReport Group::plan(const Of& group, const change::event::FoundProject& project,
                                     std::stop_token stop) {
  Change change;
  change.id = {{group.repo, 0}, project.id};
  change.removed = !project.removed_from.empty();
  change.merge_tree = change.removed ? project.removed_from : group.tree;
  change.files_digest = project.files_digest;
  const RunId run = tools_.random.hex(change::Draft::kRunIdDigits);
  StoredLog log(tools_, {run, change.id, "plan", group.tree, "merge queue", {}, {}, {}, {}});
  const Place place = prepare_place(tools_, change, run, Phase::Plan, group.fence, stop);
  const auto made = tools_.terraform.plan(
      {place.run, place.settings, terraform_flags(change, {}), tools_.keyring.derive("sensitive values")},
      log, stop);
  templates::ProjectReport report;
  std::function<void(store::Transaction&)> end;
  if (const auto* good = std::get_if<runner::PlanMade>(&made)) {
    const PlanRecord record = keep_plan(tools_, group.config, change, place, *good, {}, stop);
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
  const std::string& branch = in["branch"].string();
  const Sha& base = in["base"].string();
  repository.fetch(host.git_access(repo), branch, {}, stop);
  repository.fetch_commit(host.git_access(repo), head, stop);
  const auto config = config_at(tools_, repo, branch, base);
  if (!config) return fail(tools_, repo, head, unusable(config.error(), branch), stop);
  const Of group{repo, repository.tree_of(head), *config, job.fence};
  const Found found = find_projects(tools_, repository, *config, repository.tree_of(base), group.tree);

  templates::PullReport report;
  report.pull.id = {repo, 0};
  report.pull.head = head;
  report.head = head;
  report.base_branch = branch;
  report.command = tools_.config.command_prefixes.front();
  for (const change::event::FoundProject& project : found.projects)
    report.projects.push_back(plan(group, project, stop));
  StatusWriter writer(tools_, repo, tools_.config.public_url + "/");
  for (const templates::StatusShown& status : templates::statuses(report, host.traits()))
    writer.write(head, status, stop);
  return std::move(writer).outcome();
}

}  // namespace slipway::work
