#include "store/sql/changes.h"

#include "core/failure.h"
#include "core/plan_members.h"
#include "core/record.h"
#include "store/sql/columns.h"

#include <fmt/format.h>

#include <algorithm>

namespace slipway::store {
namespace {

/// What orders the applies of one state; 0 before an apply was asked for, or when a comment asked.
std::int64_t trigger_order(const ChangeState& state) {
  return std::visit(
      [](const auto& phase) -> std::int64_t {
        if constexpr (requires { phase.trigger; }) {
          return phase.trigger.order;
        } else if constexpr (requires { phase.applied; }) {
          return phase.applied.trigger.order;
        } else {
          return 0;
        }
      },
      state);
}

/// All of a change but its id, which has columns.
std::string held_of(const Change& change) {
  return Json::object({{"state", to_json(change.state)},
                       {"head", change.head},
                       {"base", change.base},
                       {"merge_tree", change.merge_tree},
                       {"shown", change.shown},
                       {"warnings", write_record(change.warnings)},
                       {"removed", change.removed},
                       {"cannot_apply", change.cannot_apply},
                       {"applied_by", change.applied_by},
                       {"files_digest", change.files_digest},
                       {"depends_on", write_record(change.depends_on)}})
      .dump();
}

constexpr std::string_view kChange = "forge, repo, number, dir, workspace, name, updated, revision, held";

Change read_change(const Row& row) {
  Columns columns(row);
  Change change;
  change.id = columns.change();
  change.updated = columns.time();
  change.revision = columns.integer();
  const Json held = columns.json();
  const Json* state = held.find("state");
  if (state == nullptr) throw_damaged({"it is missing", "state"});
  change.state = undamaged(change_state_from_json(*state));
  return undamaged(read_value(held, [&](const JsonReader& in) {
    change.head = in["head"].string_or("");
    change.base = in["base"].string_or("");
    change.merge_tree = in["merge_tree"].string_or("");
    change.shown = in["shown"].string_or("");
    if (!in["warnings"].empty()) read_record(in["warnings"], change.warnings);
    change.removed = in["removed"].boolean_or(false);
    change.cannot_apply = in["cannot_apply"].string_or("");
    change.applied_by = in["applied_by"].string_or("");
    change.files_digest = in["files_digest"].string_or("");
    if (!in["depends_on"].empty()) read_record(in["depends_on"], change.depends_on);
    return change;
  }));
}

}  // namespace

std::optional<Change> SqlChanges::find(const ChangeId& id) const {
  static const std::string kFind = fmt::format(
      "SELECT {} FROM changes "
      "WHERE forge = $1 AND repo = $2 AND number = $3 AND dir = $4 AND workspace = $5 AND name = $6",
      kChange);
  return connection_.one(kFind,
                         {id.pull.repo.forge, id.pull.repo.path, id.pull.number, id.project.dir,
                          id.project.workspace, id.project.name},
                         read_change);
}

std::vector<Change> SqlChanges::of_pull(const PullId& id) const {
  static const std::string kOfPull = fmt::format(
      "SELECT {} FROM changes WHERE forge = $1 AND repo = $2 AND number = $3 ORDER BY dir, workspace, name",
      kChange);
  return connection_.all(kOfPull, {id.repo.forge, id.repo.path, id.number}, read_change);
}

void SqlChanges::save(const Change& change) {
  const RepoId& repo = change.id.pull.repo;
  const ProjectId& project = change.id.project;
  const std::string held = held_of(change);
  const std::string state(name_of(change.state));
  const std::vector<Value> values = {repo.forge,
                                     repo.path,
                                     change.id.pull.number,
                                     project.dir,
                                     project.workspace,
                                     project.name,
                                     state,
                                     change.updated,
                                     held,
                                     change.revision,
                                     trigger_order(change.state)};
  const std::size_t saved =
      change.revision == 0
          ? connection_.write(
                "INSERT INTO changes (forge, repo, number, dir, workspace, name, state, updated, held, "
                "revision, trigger_order) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10 + 1, $11) "
                "ON CONFLICT (forge, repo, number, dir, workspace, name) DO NOTHING",
                values)
          : connection_.write(
                "UPDATE changes SET state = $7, updated = $8, held = $9, revision = revision + 1, "
                "trigger_order = $11 "
                "WHERE forge = $1 AND repo = $2 AND number = $3 AND dir = $4 AND workspace = $5 "
                "AND name = $6 AND revision = $10",
                values);
  if (saved == 0) {
    throw Failure(fmt::format("{} was changed by somebody else", to_string(change.id)), Retry::Later);
  }
}

void SqlChanges::drop(const ChangeId& id) {
  connection_.write(
      "DELETE FROM changes "
      "WHERE forge = $1 AND repo = $2 AND number = $3 AND dir = $4 AND workspace = $5 AND name = $6",
      {id.pull.repo.forge, id.pull.repo.path, id.pull.number, id.project.dir, id.project.workspace,
       id.project.name});
}

std::vector<Change> SqlChanges::of_state(const StateKey& key, const std::vector<std::string>& states) const {
  static const std::string kOfState = fmt::format(
      "SELECT {} FROM changes WHERE forge = $1 AND repo = $2 AND dir = $3 AND workspace = $4 AND state = $5",
      kChange);
  std::vector<Change> found;
  for (const std::string& state : states) {
    for (Change& change : connection_.all(
             kOfState, {key.repo.forge, key.repo.path, key.project.dir, key.project.workspace, state},
             read_change)) {
      found.push_back(std::move(change));
    }
  }
  std::stable_sort(found.begin(), found.end(), [](const Change& a, const Change& b) {
    return std::pair(trigger_order(a.state), a.id.pull.number) <
           std::pair(trigger_order(b.state), b.id.pull.number);
  });
  return found;
}

std::optional<Change> SqlChanges::newest_through(const StateKey& key) const {
  static const std::string kNewest = fmt::format(
      "SELECT {} FROM changes WHERE forge = $1 AND repo = $2 AND dir = $3 AND workspace = $4 "
      "AND trigger_order > 0 AND state IN ('NoChanges', 'Applied', 'Onboarding', 'Done', 'Degraded') "
      "ORDER BY trigger_order DESC LIMIT 1",
      kChange);
  return connection_.one(kNewest, {key.repo.forge, key.repo.path, key.project.dir, key.project.workspace},
                         read_change);
}

std::vector<Change> SqlChanges::planned(const StateKey& key) const {
  static const std::string kPlanned = fmt::format(
      "SELECT {} FROM changes WHERE forge = $1 AND repo = $2 AND dir = $3 AND workspace = $4 "
      "AND state IN ('Planning', 'NoChanges', 'Ready', 'Blocked') AND trigger_order = 0",
      kChange);
  return connection_.all(kPlanned, {key.repo.forge, key.repo.path, key.project.dir, key.project.workspace},
                         read_change);
}

std::vector<Change> SqlChanges::queued(const RepoId& repo) const {
  static const std::string kQueued =
      fmt::format("SELECT {} FROM changes WHERE forge = $1 AND repo = $2 AND state = 'Queued'", kChange);
  return connection_.all(kQueued, {repo.forge, repo.path}, read_change);
}

std::vector<Change> SqlChanges::in(const std::vector<std::string>& states, std::size_t limit) const {
  static const std::string kIn =
      fmt::format("SELECT {} FROM changes WHERE state = $1 ORDER BY updated DESC LIMIT $2", kChange);
  std::vector<Change> found;
  for (const std::string& state : states) {
    for (Change& change : connection_.all(kIn, {state, limit}, read_change))
      found.push_back(std::move(change));
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const Change& a, const Change& b) { return a.updated > b.updated; });
  if (found.size() > limit) found.resize(limit);
  return found;
}

}  // namespace slipway::store
