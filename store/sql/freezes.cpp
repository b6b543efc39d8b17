#include "store/sql/freezes.h"

#include "store/sql/columns.h"

namespace slipway::store {

void SqlFreezes::save(const Freeze& freeze) {
  const FreezeScope& scope = freeze.scope;
  connection_.write(
      "INSERT INTO freezes (forge, repo, dir, workspace, name, reason, actor, by_operator, since, until) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) "
      "ON CONFLICT (forge, repo, dir, workspace, name) DO UPDATE SET reason = excluded.reason, "
      "actor = excluded.actor, by_operator = excluded.by_operator, since = excluded.since, "
      "until = excluded.until",
      {scope.repo.forge, scope.repo.path, scope.dir, scope.workspace, scope.name, freeze.reason, freeze.by,
       freeze.by_operator, freeze.since, freeze.until});
}

bool SqlFreezes::end(const FreezeScope& scope) {
  return connection_.write(
             "DELETE FROM freezes "
             "WHERE forge = $1 AND repo = $2 AND dir = $3 AND workspace = $4 AND name = $5",
             {scope.repo.forge, scope.repo.path, scope.dir, scope.workspace, scope.name}) > 0;
}

std::vector<Freeze> SqlFreezes::all() const {
  return connection_.all(
      "SELECT forge, repo, dir, workspace, name, reason, actor, by_operator, since, until FROM freezes "
      "ORDER BY forge, repo, dir, workspace, name",
      {}, [](const Row& row) {
        Columns in(row);
        FreezeScope scope{in.repo(), in.text(), in.text(), in.text()};
        return Freeze{std::move(scope), in.text(), in.text(), in.flag(), in.time(), in.optional_time()};
      });
}

std::size_t SqlFreezes::forget(Time now) {
  return connection_.write("DELETE FROM freezes WHERE until <= $1", {now});
}

}  // namespace slipway::store
