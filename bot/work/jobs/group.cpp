#include "bot/work/jobs/group.h"

#include "bot/change/gate.h"
#include "bot/work/base_line.h"
#include "bot/work/enact.h"
#include "bot/work/jobs/look.h"
#include "bot/work/judge.h"
#include "bot/work/payload.h"
#include "bot/work/projects.h"
#include "bot/work/run_log.h"
#include "bot/work/statuses.h"
#include "core/failure.h"
#include "templates/characters.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace slipway::work {
namespace {

constexpr std::string_view kOneAtATime =
    "apply: in_queue takes one pull request at a time: set the merge queue's build concurrency and group "
    "size to 1";

/// The forge publishes a group, tells of it and serves it by git at slightly different times. So often is it
/// looked for.
constexpr std::int64_t kLateAttempts = 4;
/// So often is it asked whether a pull request that was pushed to is looked through.
constexpr std::int64_t kPreparedAttempts = 60;
constexpr std::chrono::seconds kPreparing{2};

bool any_in_queue(const config::RepoConfig& config, const std::vector<change::event::FoundProject>& found) {
  return std::any_of(found.begin(), found.end(), [&](const change::event::FoundProject& project) {
    return project.cannot_apply.empty() && config.rules.mode(project.id) == change::ApplyMode::InQueue;
  });
}

/// A group that holds one pull request is made of the base and its head, as the queue's method makes that; a
/// payload or a branch's name alone proves nothing.
bool holds_alone(vcs::Repository& repository, const Sha& base, const Sha& head, const Sha& commit) {
  const auto parents = repository.parents(commit);
  return base_before(repository, head, commit) == base &&
         (parents.size() == 1 || (parents.size() == 2 && parents.back() == head)) &&
         repository.merge(base, head).tree == repository.tree_of(commit);
}

}  // namespace

/// A required status that is never set would hold the forge's queue up: what can't be judged fails.
Outcome Group::fail(const RepoId& repo, const Sha& commit, const std::string& why, std::stop_token stop) {
  // One less than the limit: what is cut ends in "…".
  const std::size_t most = tools_.host(repo.forge).traits().max_status_description - 1;
  StatusWriter writer(tools_, repo, tools_.config.public_url + "/");
  for (const auto context : {templates::kPlanContext, templates::kPolicyContext, templates::kApplyContext})
    writer.write(commit,
                 {std::string(context), templates::StatusLook::Failure, {templates::shortened(why, most)}},
                 stop);
  return std::move(writer).outcome();
}

templates::ProjectReport Group::plan(const Of& of, const change::event::FoundProject& project,
                                     std::stop_token stop) {
  Change change;
  change.id = {{of.repo, 0}, project.id};
  change.removed = !project.removed_from.empty();
  change.merge_tree = change.removed ? project.removed_from : of.tree;
  change.files_digest = project.files_digest;
  const RunId run = tools_.random.hex(change::Draft::kRunIdDigits);
  StoredLog log(tools_, {run, change.id, "plan", of.tree, "merge queue", {}, {}, {}, {}});
  const Place place = prepare_place(tools_, change, run, Phase::Plan, of.fence, stop);
  const auto made = tools_.terraform.plan(
      {place.run, place.settings, terraform_flags(change, {}), tools_.keyring.derive("sensitive values")},
      log, stop);
  templates::ProjectReport report;
  std::function<void(store::Transaction&)> end;
  if (const auto* good = std::get_if<runner::PlanMade>(&made)) {
    const PlanRecord record = keep_plan(tools_, of.config, change, place, *good, {}, stop);
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

Outcome Group::plan_all(const Of& of, const std::vector<change::event::FoundProject>& projects,
                        std::stop_token stop) {
  templates::PullReport report;
  report.pull.id = {of.repo, 0};
  report.pull.head = of.group.commit;
  report.head = of.group.commit;
  report.base_branch = of.base_branch;
  report.command = tools_.config.command_prefixes.front();
  for (const change::event::FoundProject& project : projects)
    report.projects.push_back(plan(of, project, stop));
  StatusWriter writer(tools_, of.repo, tools_.config.public_url + "/");
  for (const templates::StatusShown& status :
       templates::statuses(report, tools_.host(of.repo.forge).traits()))
    writer.write(of.group.commit, status, stop);
  return std::move(writer).outcome();
}

Outcome Group::take_up(const Of& of, std::stop_token stop) {
  const QueueGroup& group = of.group;
  if (of.number == 0) return fail(of.repo, group.commit, std::string(kOneAtATime), stop);
  const PullId id{of.repo, of.number};
  vcs::Host& host = tools_.host(of.repo.forge);
  if (host.pulls().branch_head(of.repo, group.branch, stop) != group.commit) {
    if (of.attempt <= kLateAttempts)
      throw Failure(fmt::format("the forge has no {} at {}", group.branch, short_sha(group.commit)),
                    Retry::Later);
    return fail(of.repo, group.commit, "the merge queue has no branch with this commit", stop);
  }
  const PullRequest now = look_at(tools_, id, stop);
  if (now.state != PullState::Open)
    return fail(of.repo, group.commit, fmt::format("#{} is not open any more", of.number), stop);
  vcs::Repository& repository = tools_.repositories.of(of.repo);
  repository.fetch(host.git_access(of.repo), of.base_branch, host.pull_ref(id), stop);
  const Sha base = repository.head(branch_ref(of.base_branch)).value_or(Sha());
  const Sha stands_on = base_before(repository, now.head, group.commit);
  if (stands_on != base && !stands_on.empty() && repository.contains(base, stands_on))
    return fail(of.repo, group.commit,
                fmt::format("{} moved since the merge queue made this: queue it again", of.base_branch),
                stop);
  if (group.base != base || now.base_branch != of.base_branch ||
      !holds_alone(repository, base, now.head, group.commit))
    return fail(of.repo, group.commit, std::string(kOneAtATime), stop);

  std::optional<HeldPull> held;
  tools_.store.read([&](const store::Snapshot& rows) { held = rows.pulls.find(id); });
  if (held && held->planned_head == now.head && !held->waits_for.empty())
    return fail(of.repo, group.commit, "not planned yet: " + held->waits_for, stop);
  if (!held || held->planned_head != now.head) {
    if (of.attempt > kPreparedAttempts)
      return fail(of.repo, group.commit, "not planned yet: queue it again when it is", stop);
    Outcome later = Outcome::wait_until(tools_.clock.now() + kPreparing);
    later.rows = [id, due = tools_.clock.now()](store::Transaction& rows) {
      rows.jobs.add(look_job(id, change::Cause::Reconcile, Priority::PersonsPlan, due));
    };
    return later;
  }
  change::event::GroupPrepared event{now, {group.commit, base, group.branch}, of.tree, of.asked_at, {}};
  event.projects = find_projects(tools_, repository, of.config, repository.tree_of(base), of.tree).projects;
  return Outcome::of(id, std::move(event));
}

Outcome Group::perform(const Job& job, const Claim&, std::stop_token stop) {
  const JsonReader in(job.payload);
  const RepoId repo = read_repo(in["repo"]);
  const std::string& branch = in["branch"].string();
  const QueueGroup group{in["head"].string(), in["base"].string(), in["published"].string_or("")};
  if (const std::string why = in["given_up"].string_or(""); !why.empty())
    return fail(repo, group.commit, why, stop);
  vcs::Host& host = tools_.host(repo.forge);
  vcs::Repository& repository = tools_.repositories.of(repo);
  repository.fetch(host.git_access(repo), branch, {}, stop);
  repository.fetch_commit(host.git_access(repo), group.commit, stop);
  const auto config = config_at(tools_, repo, branch, group.base);
  if (!config) return fail(repo, group.commit, unusable(config.error(), branch), stop);
  // A job of an older version has no more than its commit.
  const bool named = in["number"].exists();
  const Of of{repo,
              branch,
              group,
              repository.tree_of(group.commit),
              *config,
              named ? in["number"].integer() : 0,
              named ? from_millis(in["at"].integer()) : Time(),
              job.attempts,
              job.fence};
  const Found found = find_projects(tools_, repository, *config, repository.tree_of(group.base), of.tree);
  const bool applies = config->counts(branch) && any_in_queue(*config, found.projects);
  return applies ? take_up(of, stop) : plan_all(of, found.projects, stop);
}

/// Its statuses say so, as long as it takes to say it.
Outcome Group::give_up(const Job& job, const std::string& why) {
  if (job.payload.find("given_up") != nullptr) return Step::give_up(job, why);
  Outcome outcome;
  outcome.rows = [job, why, now = tools_.clock.now()](store::Transaction& rows) {
    Json payload = job.payload;
    payload["given_up"] = why;
    rows.jobs.add({.kind = job.kind,
                   .lane = job.lane,
                   .payload = std::move(payload),
                   .priority = Priority::Say,
                   .due = now});
  };
  return outcome;
}

}  // namespace slipway::work
