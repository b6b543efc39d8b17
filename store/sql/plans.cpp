#include "store/sql/plans.h"

#include "core/failure.h"
#include "store/sql/columns.h"

#include <fmt/format.h>

#include <set>
#include <utility>

namespace slipway::store {
namespace {

/// What one call of `shed_blobs` does at most, so that nobody waits long for the writer.
constexpr std::size_t kShedAtOnce = 1'000;

PlanRecord read_plan(const Row& row) { return undamaged(plan_record_from_json(Columns(row).json())); }

std::string first_text(const Row& row) { return Columns(row).text(); }

}  // namespace

void SqlPlans::add(const PlanRecord& record) {
  const PullId& pull = record.change.pull;
  const ProjectId& project = record.change.project;
  const std::size_t added = connection_.write(
      "INSERT INTO plans (id, forge, repo, number, dir, workspace, name, made, record) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (id) DO NOTHING",
      {record.id, pull.repo.forge, pull.repo.path, pull.number, project.dir, project.workspace, project.name,
       record.made, to_json(record).dump()});
  // Ids are short, since people type them: two may be equal, and then the plan is made again.
  if (added == 0) throw Failure(fmt::format("there is a plan {} already", record.id), Retry::Later);
  for (const std::string* blob : {&record.plan_file, &record.materials, &record.summary}) {
    if (blob->empty()) continue;
    connection_.write(
        "INSERT INTO plan_blobs (blob, plan) VALUES ($1, $2) ON CONFLICT (blob, plan) DO NOTHING",
        {*blob, record.id});
  }
}

std::optional<PlanRecord> SqlPlans::find(const PlanId& id) const {
  return connection_.one("SELECT record FROM plans WHERE id = $1", {id}, read_plan);
}

std::vector<PlanRecord> SqlPlans::of_change(const ChangeId& id) const {
  return connection_.all(
      "SELECT record FROM plans "
      "WHERE forge = $1 AND repo = $2 AND number = $3 AND dir = $4 AND workspace = $5 AND name = $6 "
      "ORDER BY made DESC",
      {id.pull.repo.forge, id.pull.repo.path, id.pull.number, id.project.dir, id.project.workspace,
       id.project.name},
      read_plan);
}

void SqlPlans::shown(const PlanId& id, Time at) {
  edit(id, [&](PlanRecord& record) {
    // When it was said first is what counts: a later edit of the comment doesn't make it younger.
    if (!record.shown_at) record.shown_at = at;
  });
}

void SqlPlans::save_verdicts(const PlanId& id, const std::vector<Verdict>& verdicts) {
  edit(id, [&](PlanRecord& record) { record.verdicts = verdicts; });
}

void SqlPlans::edit(const PlanId& id, FunctionRef<void(PlanRecord&)> action) {
  auto record = find(id);
  if (!record) throw Failure(fmt::format("there is no plan {}", id));
  action(*record);
  connection_.write("UPDATE plans SET record = $2 WHERE id = $1", {id, to_json(*record).dump()});
}

Shed SqlPlans::shed_blobs(Time before) {
  const std::vector<PlanId> over = connection_.all(
      "SELECT plans.id FROM plans "
      "LEFT JOIN changes ON changes.forge = plans.forge AND changes.repo = plans.repo "
      "AND changes.number = plans.number AND changes.dir = plans.dir "
      "AND changes.workspace = plans.workspace AND changes.name = plans.name "
      "LEFT JOIN pulls ON pulls.forge = plans.forge AND pulls.repo = plans.repo "
      "AND pulls.number = plans.number "
      "WHERE plans.shed = 0 AND plans.made < $1 AND (changes.state IS NULL OR pulls.settled = 1 "
      "OR changes.state IN ('Done', 'Degraded', 'Discarded')) ORDER BY plans.made LIMIT $2",
      {before, kShedAtOnce}, first_text);
  std::set<std::string> blobs;
  for (const PlanId& plan : over) {
    edit(plan, [&](PlanRecord& record) {
      for (std::string* blob : {&record.plan_file, &record.materials, &record.summary}) {
        if (!blob->empty()) blobs.insert(std::exchange(*blob, {}));
      }
    });
    connection_.write("UPDATE plans SET shed = 1 WHERE id = $1", {plan});
    connection_.write("DELETE FROM plan_blobs WHERE plan = $1", {plan});
  }
  Shed shed{over.size(), {}};
  for (const std::string& blob : blobs) {
    if (!connection_.one("SELECT plan FROM plan_blobs WHERE blob = $1 LIMIT 1", {blob}, first_text)) {
      shed.blobs.push_back(blob);
    }
  }
  return shed;
}

}  // namespace slipway::store
