#include "store/sql/states.h"

#include "core/json_reader.h"
#include "store/sql/columns.h"

#include <fmt/format.h>

namespace slipway::store {
namespace {

std::string select_versions(std::string_view rest) {
  return fmt::format(
      "SELECT id, forge, repo, dir, workspace, name, lineage, serial, digest, terraform_version, "
      "resources, run, actor, reason, pull_forge, pull_repo, pull_number, commit_sha, at, machines, "
      "mapping FROM state_versions {}",
      rest);
}

std::string machines_text(const std::vector<Machine>& machines) {
  Json::Array list;
  for (const Machine& machine : machines) list.push_back(machine.to_json());
  return Json(std::move(list)).dump();
}

std::vector<Machine> machines_of(const Json& json) {
  return undamaged(read_value(json, [](const JsonReader& in) {
    std::vector<Machine> machines;
    for (const JsonReader& item : in.items()) machines.push_back(Machine::from_json(item.value()));
    return machines;
  }));
}

StateVersion read_version(const Row& row) {
  Columns in(row);
  StateVersion version;
  version.id = in.integer();
  version.key = in.state();
  version.serial = {in.text(), in.integer()};
  version.digest = in.text();
  version.terraform_version = in.text();
  version.resources = in.size();
  version.run = in.text();
  version.actor = in.text();
  version.reason = in.text();
  version.pull = in.pull();
  version.commit = in.text();
  version.at = in.time();
  version.machines = machines_of(in.json());
  version.mapping = in.text();
  return version;
}

}  // namespace

std::int64_t SqlStates::add(const StateVersion& version) {
  const RepoId& repo = version.key.repo;
  const ProjectId& project = version.key.project;
  connection_.write(
      "UPDATE state_versions SET newest = 0 "
      "WHERE forge = $1 AND repo = $2 AND dir = $3 AND workspace = $4 AND newest = 1",
      {repo.forge, repo.path, project.dir, project.workspace});
  return connection_
      .written(
          "INSERT INTO state_versions (forge, repo, dir, workspace, name, newest, lineage, serial, digest, "
          "terraform_version, resources, run, actor, reason, pull_forge, pull_repo, pull_number, "
          "commit_sha, at, machines, mapping) "
          "VALUES ($1, $2, $3, $4, $5, 1, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, "
          "$19, $20) RETURNING id",
          {repo.forge,
           repo.path,
           project.dir,
           project.workspace,
           project.name,
           version.serial.lineage,
           version.serial.serial,
           version.digest,
           version.terraform_version,
           version.resources,
           version.run,
           version.actor,
           version.reason,
           version.pull.repo.forge,
           version.pull.repo.path,
           version.pull.number,
           version.commit,
           version.at,
           machines_text(version.machines),
           version.mapping},
          [](const Row& row) { return row.integer(0); })
      .value();
}

std::optional<StateVersion> SqlStates::latest(const StateKey& key) const {
  static const std::string kLatest =
      select_versions("WHERE forge = $1 AND repo = $2 AND dir = $3 AND workspace = $4 AND newest = 1");
  return connection_.one(kLatest, {key.repo.forge, key.repo.path, key.project.dir, key.project.workspace},
                         read_version);
}

std::optional<StateVersion> SqlStates::find(std::int64_t id) const {
  static const std::string kFind = select_versions("WHERE id = $1");
  return connection_.one(kFind, {id}, read_version);
}

std::vector<StateVersion> SqlStates::versions(const StateKey& key, std::size_t limit) const {
  static const std::string kVersions = select_versions(
      "WHERE forge = $1 AND repo = $2 AND dir = $3 AND workspace = $4 ORDER BY id DESC LIMIT $5");
  return connection_.all(kVersions,
                         {key.repo.forge, key.repo.path, key.project.dir, key.project.workspace, limit},
                         read_version);
}

std::vector<StateVersion> SqlStates::all_latest() const {
  static const std::string kAllLatest =
      select_versions("WHERE newest = 1 AND digest <> '' ORDER BY forge, repo, dir, workspace");
  return connection_.all(kAllLatest, {}, read_version);
}

void SqlStates::save_machines(std::int64_t id, const std::vector<Machine>& machines,
                              const std::string& mapping) {
  connection_.write("UPDATE state_versions SET machines = $2, mapping = $3 WHERE id = $1",
                    {id, machines_text(machines), mapping});
}

std::optional<StateLock> SqlStates::lock(const StateKey& key) const {
  return connection_.one(
      "SELECT forge, repo, dir, workspace, name, id, info, run, at FROM state_locks "
      "WHERE forge = $1 AND repo = $2 AND dir = $3 AND workspace = $4",
      {key.repo.forge, key.repo.path, key.project.dir, key.project.workspace}, [](const Row& row) {
        Columns in(row);
        return StateLock{in.state(), in.text(), in.text(), in.text(), in.time()};
      });
}

bool SqlStates::take_lock(const StateLock& lock) {
  const StateKey& key = lock.key;
  return connection_.write(
             "INSERT INTO state_locks (forge, repo, dir, workspace, name, id, info, run, at) "
             "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) "
             "ON CONFLICT (forge, repo, dir, workspace) DO NOTHING",
             {key.repo.forge, key.repo.path, key.project.dir, key.project.workspace, key.project.name,
              lock.id, lock.info, lock.run, lock.at}) > 0;
}

void SqlStates::drop_lock(const StateKey& key) {
  connection_.write("DELETE FROM state_locks WHERE forge = $1 AND repo = $2 AND dir = $3 AND workspace = $4",
                    {key.repo.forge, key.repo.path, key.project.dir, key.project.workspace});
}

void SqlStates::grant(const Grant& grant) {
  const StateKey& key = grant.key;
  // A state's lane is held by one job at a time: whoever wrote before has lost it, alive or not.
  if (grant.may_write)
    connection_.write(
        "DELETE FROM grants WHERE forge = $1 AND repo = $2 AND dir = $3 AND workspace = $4 AND may_write "
        "AND run <> $5",
        {key.repo.forge, key.repo.path, key.project.dir, key.project.workspace, grant.run});
  connection_.write(
      "INSERT INTO grants (token_digest, forge, repo, dir, workspace, name, run, may_write, fence) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
      {grant.token_digest, key.repo.forge, key.repo.path, key.project.dir, key.project.workspace,
       key.project.name, grant.run, grant.may_write, grant.fence});
}

std::optional<Grant> SqlStates::granted(const std::string& token_digest) const {
  return connection_.one(
      "SELECT token_digest, forge, repo, dir, workspace, name, run, may_write, fence FROM grants "
      "WHERE token_digest = $1",
      {token_digest}, [](const Row& row) {
        Columns in(row);
        return Grant{in.text(), in.state(), in.text(), in.flag(), in.integer()};
      });
}

void SqlStates::revoke(const RunId& run) { connection_.write("DELETE FROM grants WHERE run = $1", {run}); }

}  // namespace slipway::store
