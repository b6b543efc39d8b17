#include "store/sql/said.h"

#include "store/sql/columns.h"

namespace slipway::store {

std::optional<SaidRow> SqlSaid::find(const PullId& pull, const std::string& slot) const {
  return connection_.one(
      "SELECT forge, repo, number, slot, comment, digest, at FROM said "
      "WHERE forge = $1 AND repo = $2 AND number = $3 AND slot = $4",
      {pull.repo.forge, pull.repo.path, pull.number, slot}, [](const Row& row) {
        Columns in(row);
        return SaidRow{in.pull(), in.text(), in.integer(), in.text(), in.time()};
      });
}

void SqlSaid::save(const SaidRow& row) {
  connection_.write(
      "INSERT INTO said (forge, repo, number, slot, comment, digest, at) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (forge, repo, number, slot) "
      "DO UPDATE SET comment = excluded.comment, digest = excluded.digest, at = excluded.at",
      {row.pull.repo.forge, row.pull.repo.path, row.pull.number, row.slot, row.comment, row.digest, row.at});
}

bool SqlSaid::first_time(const PullId& pull, std::int64_t comment) {
  return connection_.write(
             "INSERT INTO heard (forge, repo, number, comment) VALUES ($1, $2, $3, $4) "
             "ON CONFLICT (forge, repo, number, comment) DO NOTHING",
             {pull.repo.forge, pull.repo.path, pull.number, comment}) > 0;
}

std::string SqlSaid::status(const RepoId& repo, const Sha& commit, const std::string& context) const {
  return connection_
      .one("SELECT digest FROM statuses WHERE forge = $1 AND repo = $2 AND commit_sha = $3 AND context = $4",
           {repo.forge, repo.path, commit, context}, [](const Row& row) { return Columns(row).text(); })
      .value_or("");
}

void SqlSaid::save_status(const RepoId& repo, const Sha& commit, const std::string& context,
                          const std::string& digest) {
  connection_.write(
      "INSERT INTO statuses (forge, repo, commit_sha, context, digest) VALUES ($1, $2, $3, $4, $5) "
      "ON CONFLICT (forge, repo, commit_sha, context) DO UPDATE SET digest = excluded.digest",
      {repo.forge, repo.path, commit, context, digest});
}

}  // namespace slipway::store
