#include "store/sql/runs.h"

#include "store/sql/columns.h"

#include <fmt/format.h>

namespace slipway::store {
namespace {

/// What one call of `forget_logs` does at most, so that nobody waits long for the writer.
constexpr std::size_t kLogsForgottenAtOnce = 1'000;

std::string select_runs(std::string_view rest) {
  return fmt::format(
      "SELECT id, forge, repo, number, dir, workspace, name, kind, commit_sha, actor, started, ended, "
      "outcome, summary FROM runs {}",
      rest);
}

RunRow read_run(const Row& row) {
  Columns in(row);
  return RunRow{in.text(), in.change(),        in.text(), in.text(), in.text(),
                in.time(), in.optional_time(), in.text(), in.text()};
}

}  // namespace

void SqlRuns::start(const RunRow& run) {
  const PullId& pull = run.change.pull;
  const ProjectId& project = run.change.project;
  connection_.write(
      "INSERT INTO runs (id, forge, repo, number, dir, workspace, name, kind, commit_sha, actor, started, "
      "ended, outcome, summary) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
      {run.id, pull.repo.forge, pull.repo.path, pull.number, project.dir, project.workspace, project.name,
       run.kind, run.commit, run.actor, run.started, run.ended, run.outcome, run.summary});
}

void SqlRuns::end(const RunId& id, Time at, const std::string& outcome, const std::string& summary) {
  connection_.write("UPDATE runs SET ended = $2, outcome = $3, summary = $4 WHERE id = $1",
                    {id, at, outcome, summary});
}

std::optional<RunRow> SqlRuns::find(const RunId& id) const {
  static const std::string kFind = select_runs("WHERE id = $1");
  return connection_.one(kFind, {id}, read_run);
}

std::vector<RunRow> SqlRuns::of_pull(const PullId& id) const {
  static const std::string kOfPull =
      select_runs("WHERE forge = $1 AND repo = $2 AND number = $3 ORDER BY started DESC, id");
  return connection_.all(kOfPull, {id.repo.forge, id.repo.path, id.number}, read_run);
}

std::vector<RunRow> SqlRuns::recent(std::size_t limit) const {
  static const std::string kRecent = select_runs("ORDER BY started DESC LIMIT $1");
  return connection_.all(kRecent, {limit}, read_run);
}

void SqlRuns::add_log(const RunId& id, std::int64_t part, const Sealed& chunk) {
  connection_.write(
      "INSERT INTO run_logs (run, part, chunk) VALUES ($1, $2, $3) ON CONFLICT (run, part) "
      "DO UPDATE SET chunk = excluded.chunk",
      {id, part, Value::Bytes{chunk.bytes()}});
}

std::vector<Sealed> SqlRuns::log(const RunId& id, std::int64_t from_part) const {
  return connection_.all("SELECT chunk FROM run_logs WHERE run = $1 AND part >= $2 ORDER BY part",
                         {id, from_part}, [](const Row& row) { return Sealed::stored(Columns(row).text()); });
}

std::size_t SqlRuns::forget_logs(Time before) {
  std::vector<RunId> runs;
  connection_.write(
      "UPDATE runs SET log_kept = 0 "
      "WHERE id IN (SELECT id FROM runs WHERE log_kept = 1 AND ended < $1 ORDER BY ended LIMIT $2) "
      "RETURNING id",
      {before, kLogsForgottenAtOnce}, [&](const Row& row) { runs.push_back(Columns(row).text()); });
  for (const RunId& run : runs) connection_.write("DELETE FROM run_logs WHERE run = $1", {run});
  return runs.size();
}

}  // namespace slipway::store
