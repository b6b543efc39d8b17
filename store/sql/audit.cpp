#include "store/sql/audit.h"

#include "store/sql/columns.h"

#include <limits>

namespace slipway::store {

void SqlAudit::add(const AuditRow& row) {
  connection_.write("INSERT INTO audit (at, actor, action, subject, detail) VALUES ($1, $2, $3, $4, $5)",
                    {row.at, row.actor, row.action, row.subject, row.detail});
}

std::vector<AuditRow> SqlAudit::list(std::int64_t before, std::size_t limit) const {
  return connection_.all(
      "SELECT id, at, actor, action, subject, detail FROM audit WHERE id < $1 ORDER BY id DESC LIMIT $2",
      {before == 0 ? std::numeric_limits<std::int64_t>::max() : before, limit}, [](const Row& row) {
        Columns in(row);
        return AuditRow{in.integer(), in.time(), in.text(), in.text(), in.text(), in.text()};
      });
}

}  // namespace slipway::store
