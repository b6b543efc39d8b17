#include "bot/work/jobs/prepare.h"

#include "bot/config/repo_file.h"
#include "bot/work/base_line.h"
#include "bot/work/enact.h"
#include "bot/work/payload.h"
#include "bot/work/place.h"
#include "bot/work/projects.h"
#include "core/failure.h"

#include <fmt/format.h>

#include <algorithm>

namespace slipway::work {
namespace {

/// A forge that says "merged" may serve git from another machine, which hears of it a little later. So often
/// is it asked again; after that the commit is taken as gone (a rewritten branch).
constexpr std::int64_t kLateAttempts = 4;

/// The commit that the merge left on the base branch: the forge's word if git confirms it, else the base's
/// head, if the pull request's head or tree is in it.
Sha merged_commit(vcs::Repository& repository, const HeldPull& held, const Sha& base_head) {
  const PullRequest& pull = held.pull;
  if (!pull.merge_commit.empty() && repository.contains(base_head, pull.merge_commit))
    return pull.merge_commit;
  return base_head;
}

/// Of a pull request that was never planned: first sight changes nothing, and what was merged by then is
/// taken as applied. One that was opened and merged while nobody listened is not among it.
bool was_there_before(vcs::Repository& repository, const PullRequest& pull, const Sha& base_head,
                      const Sha& baseline) {
  if (baseline == base_head) return true;
  if (pull.merge_commit.empty()) return false;
  return repository.contains(baseline, pull.merge_commit) ||
         !repository.contains(base_head, pull.merge_commit);
}

/// Of the file that the merge would leave: unusable, it would stop every pull request after this one.
std::string spoiled(const ParseError& error) {
  return fmt::format("{} (the file as this pull request leaves it: once merged, nothing could be planned)",
                     error.text());
}

bool same_file(vcs::Repository& repository, const Sha& a, const Sha& b) {
  const std::string_view names[] = {config::kRepoFile, config::kAtlantisFile};
  return std::all_of(std::begin(names), std::end(names), [&](std::string_view name) {
    const auto in_a = repository.find(a, std::string(name));
    const auto in_b = repository.find(b, std::string(name));
    return in_a.has_value() == in_b.has_value() &&
           (!in_a || (in_a->blob == in_b->blob && in_a->mode == in_b->mode));
  });
}

/// The pull request repairs what its base says of itself, and does nothing else.
bool only_repairs(vcs::Repository& repository, const Sha& from_tree, const Sha& to_tree) {
  const auto changes = repository.changed(from_tree, to_tree);
  return std::all_of(changes.begin(), changes.end(), [](const vcs::PathChange& change) {
    return change.path == config::kRepoFile || change.path == config::kAtlantisFile;
  });
}

}  // namespace

std::optional<HeldPull> Prepare::held(const PullId& id) const {
  std::optional<HeldPull> out;
  tools_.store.read([&](const store::Snapshot& rows) { out = rows.pulls.find(id); });
  return out;
}

Outcome Prepare::perform(const Job& job, const Claim&, std::stop_token stop) {
  const JsonReader in(job.payload);
  const PullId id = read_pull(in["pull"]);
  const auto row = held(id);
  if (!row) return Outcome::nothing();
  return while_doing(fmt::format("preparing {}", to_string(id)), [&] {
    return in["merged"].boolean() ? merged(*row, job.attempts, stop) : open(*row, stop);
  });
}

Outcome Prepare::open(const HeldPull& held, std::stop_token stop) {
  const PullId& id = held.pull.id;
  vcs::Host& host = tools_.host(id.repo.forge);
  vcs::Repository& repository = tools_.repositories.of(id.repo);
  const std::string pull_ref = host.pull_ref(id);
  repository.fetch(host.git_access(id.repo), held.pull.base_branch, pull_ref, stop);
  const auto base = repository.head(branch_ref(held.pull.base_branch));
  const auto head = repository.head(pull_ref);
  if (!base || !head)
    throw Failure("the forge's git does not have the pull request's base or head yet", Retry::Later);

  change::event::Prepared event;
  event.base = *base;
  event.head = *head;
  event.merge_base = repository.merge_base(*base, *head);
  const vcs::MergeResult merge = repository.merge(*base, *head);
  event.conflicts = merge.conflicts;
  event.tree = merge.tree;
  if (merge.tree.empty()) return Outcome::of(id, std::move(event));
  const Sha base_tree = repository.tree_of(*base);
  if (merge.tree == base_tree) {
    // The base holds all of it: it may have been merged since the look, and then nothing of it is discarded.
    if (host.pulls().pull(id, stop).state != PullState::Open) return look_again(id);
  }
  const std::string& branch = held.pull.base_branch;
  const auto config = config_at(tools_, id.repo, branch, *base);
  const bool changes_file = !same_file(repository, base_tree, merge.tree);
  const std::string spoils = changes_file ? what_it_spoils(held.pull, merge.tree) : "";
  if (!config) {
    const std::string why = unusable(config.error(), branch);
    if (!changes_file || !spoils.empty() || !only_repairs(repository, base_tree, merge.tree))
      return Outcome::of(id, change::event::PrepareFailed{*head, why});
    event.notes.push_back("This repairs what can't be read now: " + why);
    return Outcome::of(id, std::move(event));
  }
  if (!spoils.empty()) return Outcome::of(id, change::event::PrepareFailed{*head, spoils});
  Found found = find_projects(tools_, repository, *config, base_tree, merge.tree);
  event.projects = std::move(found.projects);
  event.notes = std::move(found.notes);
  event.policies_digest = policies_digest(config->policies);
  if (!event.projects.empty())
    event.notes.insert(event.notes.end(), config->notes.begin(), config->notes.end());
  return Outcome::of(id, std::move(event));
}

Outcome Prepare::look_again(const PullId& id) const {
  Outcome outcome;
  const Time now = tools_.clock.now();
  outcome.rows = [=](store::Transaction& rows) {
    rows.jobs.add(look_job(id, change::Cause::Webhook, Priority::PersonsPlan, now));
  };
  return outcome;
}

std::string Prepare::what_it_spoils(const PullRequest& pull, const Sha& tree) {
  const config::RepoConfig server = tools_.repo(pull.id.repo);
  if (!server.reads_repo_file) return {};
  vcs::Repository& repository = tools_.repositories.of(pull.id.repo);
  const auto left = tools_.repo_files.read(repository, {pull.id.repo, pull.base_branch, tree}, server);
  if (!left) return spoiled(left.error());
  for (std::size_t i = server.policies.size(); i < left->policies.size(); ++i) {
    const policies::Policy& policy = left->policies[i];
    const auto engine = tools_.engines.find(policy.engine);
    const std::string wrong = engine == tools_.engines.end() ? "" : engine->second->check(policy);
    if (!wrong.empty())
      return spoiled({fmt::format("policy \"{}\": {}", policy.name, wrong), policy.settings.place()});
  }
  return {};
}

/// A merge may be heard before anybody compared its branch with the forge. Then this is the first sight of
/// it, written down at once: places of merges are counted from one point for ever.
store::RepoRow Prepare::see_first(const RepoId& repo, const std::string& branch, const Sha& base) {
  store::RepoRow row{repo, branch, base, base, tools_.clock.now()};
  tools_.store.transact([&](store::Transaction& rows) {
    if (auto known = rows.pulls.repo(repo, branch)) {
      row = *std::move(known);
    } else {
      rows.pulls.save_repo(row);
    }
  });
  return row;
}

Outcome Prepare::merged(const HeldPull& held, std::int64_t attempt, std::stop_token stop) {
  const PullId& id = held.pull.id;
  vcs::Host& host = tools_.host(id.repo.forge);
  vcs::Repository& repository = tools_.repositories.of(id.repo);
  const std::string& branch = held.pull.base_branch;
  const std::string pull_ref = is_push(id) ? std::string() : host.pull_ref(id);
  repository.fetch(host.git_access(id.repo), branch, pull_ref, stop);
  const auto base_head = repository.head(branch_ref(branch));
  if (!base_head) throw Failure(fmt::format("the forge's git has no branch {}", branch), Retry::Later);
  const Sha& told = held.pull.merge_commit;
  if (!told.empty() && attempt <= kLateAttempts && !repository.contains(*base_head, told))
    throw Failure(fmt::format("the forge's git does not have the merge {} yet", short_sha(told)),
                  Retry::Later);

  std::optional<store::RepoRow> row;
  tools_.store.read([&](const store::Snapshot& rows) { row = rows.pulls.repo(id.repo, branch); });
  change::event::MergePrepared event;
  if (held.planned_head.empty() && !is_push(id)) {
    if (!row) row = see_first(id.repo, branch, *base_head);
    event.in_baseline = was_there_before(repository, held.pull, *base_head, row->baseline);
    if (event.in_baseline) return Outcome::of(id, std::move(event));
  }
  event.commit = merged_commit(repository, held, *base_head);
  event.is_gone = !told.empty() && event.commit != told;
  event.base_before = is_push(id)
                          ? held.pull.base
                          : base_before(repository, repository.head(pull_ref).value_or(Sha()), event.commit);
  if (!row && !event.base_before.empty()) row = see_first(id.repo, branch, event.base_before);
  event.order = row ? place_on_line(repository, event.commit, *row) : 0;
  event.tree = repository.tree_of(event.commit);
  if (!event.base_before.empty()) {
    const auto config = config_of(tools_, held.pull, event.base_before);
    if (!config)
      return Outcome::of(id, change::event::PrepareFailed{held.pull.head, unusable(config.error(), branch)});
    event.projects =
        find_projects(tools_, repository, *config, repository.tree_of(event.base_before), event.tree)
            .projects;
  }
  return Outcome::of(id, std::move(event));
}

Outcome Prepare::give_up(const Job& job, const std::string& why) {
  const JsonReader in(job.payload);
  const PullId id = read_pull(in["pull"]);
  const auto row = held(id);
  if (!row || in["merged"].boolean()) return Step::give_up(job, why);
  return Outcome::of(id, change::event::PrepareFailed{row->pull.head, "It could not be planned: " + why});
}

}  // namespace slipway::work
