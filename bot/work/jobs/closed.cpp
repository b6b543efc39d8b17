#include "bot/work/jobs/closed.h"

#include "bot/work/base_line.h"
#include "bot/work/graphs.h"
#include "bot/work/payload.h"
#include "core/failure.h"

#include <fmt/format.h>

namespace slipway::work {

Outcome PrepareClosed::perform(const Job& job, const Claim&, std::stop_token stop) {
  const PullId id = read_pull(JsonReader(job.payload)["pull"]);
  std::optional<HeldPull> held;
  std::vector<Change> changes;
  std::optional<store::RepoRow> row;
  tools_.store.read([&](const store::Snapshot& rows) {
    held = rows.pulls.find(id);
    changes = rows.changes.of_pull(id);
    if (held) row = rows.pulls.repo(id.repo, held->pull.base_branch);
  });
  if (!held || held->pull.state == PullState::Merged || !held->group.commit.empty())
    return Outcome::nothing();
  const std::string& branch = held->pull.base_branch;
  vcs::Repository& repository = tools_.repositories.of(id.repo);
  repository.fetch(tools_.host(id.repo.forge).git_access(id.repo), branch, {}, stop);
  const auto base = repository.head(branch_ref(branch));
  if (!base) throw Failure(fmt::format("the forge's git has no branch {}", branch), Retry::Later);

  change::event::ClosedPrepared event;
  event.commit = *base;
  event.order = row ? place_on_line(repository, *base, *row) : 0;
  const Sha base_tree = repository.tree_of(*base);
  const auto graph = tools_.graphs.of(repository, base_tree);
  for (const Change& change : changes) {
    if (change.applied_by.empty()) continue;
    change::event::FoundProject& project = event.projects.emplace_back();
    project.id = change.id.project;
    const std::string& dir = project.id.dir;
    // One that was destroyed by a removal is what the base has: its files are there again.
    const bool is_there = graph->modules().contains(dir);
    if (!is_there) project.removed_from = change.merge_tree;
    project.files_digest = is_there ? files_digest(repository, *graph, base_tree, dir) : change.files_digest;
  }
  return Outcome::of(id, std::move(event));
}

}  // namespace slipway::work
