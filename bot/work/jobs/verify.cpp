#include "bot/work/jobs/verify.h"

#include "bot/change/queue.h"
#include "bot/work/enact.h"
#include "bot/work/graphs.h"
#include "bot/work/payload.h"
#include "bot/work/place.h"
#include "core/failure.h"

#include <fmt/format.h>

namespace slipway::work {
namespace {

struct Tree {
  Sha tree;
  Sha base;
};

/// What was merged is a commit, and what a merge queue is about to merge; before the merge it is the base
/// branch as it is now, with the head merged onto it.
Tree tree_to_apply(const Tools& tools, const HeldPull& held, const phase::Trigger& trigger,
                   std::stop_token stop) {
  const PullId& id = held.pull.id;
  vcs::Repository& repository = tools.repositories.of(id.repo);
  if (trigger.merge || trigger.group) return {repository.tree_of(trigger.commit), trigger.base_before};
  vcs::Host& host = tools.host(id.repo.forge);
  repository.fetch(host.git_access(id.repo), held.pull.base_branch, host.pull_ref(id), stop);
  const auto base = repository.head("refs/heads/" + held.pull.base_branch);
  if (!base)
    throw Failure(fmt::format("the forge's git has no branch {}", held.pull.base_branch), Retry::Later);
  const vcs::MergeResult merge = repository.merge(*base, trigger.commit);
  if (merge.tree.empty()) throw Failure(fmt::format("it conflicts with {} now", held.pull.base_branch));
  return {merge.tree, *base};
}

/// The base branch is where the merge queue's commit stands on.
bool stands(const Tools& tools, const HeldPull& held, const phase::Trigger& asked, std::stop_token stop) {
  const RepoId& repo = held.pull.id.repo;
  vcs::Repository& repository = tools.repositories.of(repo);
  repository.fetch(tools.host(repo.forge).git_access(repo), held.pull.base_branch, {}, stop);
  return repository.head("refs/heads/" + held.pull.base_branch) == asked.base_before;
}

bool is_published(const Tools& tools, const HeldPull& held, std::stop_token stop) {
  const RepoId& repo = held.pull.id.repo;
  return tools.host(repo.forge).pulls().branch_head(repo, held.group.branch, stop) == held.group.commit;
}

/// It is not merged any more. Whoever waits for its statuses still is told so.
Outcome gone(const HeldPull& held, bool published, Time now) {
  Outcome outcome = Outcome::of(held.pull.id, change::event::GroupGone{held.group.commit});
  if (published)
    outcome.rows = [held, now](store::Transaction& rows) {
      const PullRequest& pull = held.pull;
      rows.jobs.add(group_job(pull.id.repo, pull.base_branch, held.group, pull.id.number, now));
    };
  return outcome;
}

}  // namespace

Outcome Verify::perform(const Job& job, const Claim&, std::stop_token stop) {
  const ChangeId id = read_change(JsonReader(job.payload)["change"]);
  std::optional<Change> change;
  std::optional<HeldPull> held;
  std::optional<StateVersion> latest;
  std::optional<PlanRecord> plan;
  const StateKey key = change::state_key(id);
  tools_.store.read([&](const store::Snapshot& rows) {
    change = rows.changes.find(id);
    held = rows.pulls.find(id.pull);
    latest = rows.states.latest(key);
    if (change)
      if (const phase::Trigger* trigger = change::trigger_of(change->state))
        plan = rows.plans.find(trigger->plan);
  });
  const auto* verifying = change ? std::get_if<phase::Verifying>(&change->state) : nullptr;
  if (verifying == nullptr || !held) return Outcome::nothing();

  if (const phase::Trigger& asked = verifying->trigger; asked.group) {
    const bool published = is_published(tools_, *held, stop);
    if (!published || !stands(tools_, *held, asked, stop)) return gone(*held, published, tools_.clock.now());
  }
  const Tree at = tree_to_apply(tools_, *held, verifying->trigger, stop);
  const config::RepoConfig config = usable(config_of(tools_, held->pull, at.base), held->pull.base_branch);
  vcs::Repository& repository = tools_.repositories.of(id.pull.repo);
  const bool is_there = tools_.graphs.of(repository, at.tree)->modules().contains(id.project.dir);
  if (is_there == change->removed || (change->removed && at.base.empty()))
    return Outcome::of(
        id.pull, change::event::VerifyFailed{id, is_there ? "its directory is there again in what was merged"
                                                          : "its directory is gone from what was merged"});
  // What is removed is destroyed by the files that it had, or was applied with.
  const Sha tree = !change->removed            ? at.tree
                   : verifying->trigger.closed ? change->merge_tree
                                               : repository.tree_of(at.base);
  const auto graph = tools_.graphs.of(repository, tree);

  const runner::RunSettings settings = settings_of(config, id.project, Phase::Plan);
  change::event::Verified event;
  event.change = id;
  event.base = at.base;
  event.commit = verifying->trigger.commit;
  event.now.merge_tree = tree;
  event.now.files_digest = files_digest(repository, *graph, tree, id.project.dir);
  event.now.tool = tools_.terraform.version(settings.terraform);
  event.now.variables_digest = variables_digest(tools_, config, settings);
  event.now.policies_digest = policies_digest(config.policies);
  // Of a foreign backend only what was recorded is known without asking Terraform, which refuses a stale plan
  // itself; but one that has nothing to do is never given to it.
  const bool recorded_since = plan && latest && latest->serial.serial > plan->inputs.state.serial;
  if (latest && (config.state == config::StateMode::Slipway || recorded_since))
    event.now.state = latest->serial;
  return Outcome::of(id.pull, std::move(event));
}

Outcome Verify::give_up(const Job& job, const std::string& why) {
  const ChangeId id = read_change(JsonReader(job.payload)["change"]);
  return Outcome::of(id.pull, change::event::VerifyFailed{id, why});
}

}  // namespace slipway::work
