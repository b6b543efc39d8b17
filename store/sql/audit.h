#pragma once

#include "store/sql/connection.h"
#include "store/tables.h"

namespace slipway::store {

class SqlAudit final : public Audit {
 public:
  explicit SqlAudit(Connection& connection) : connection_(connection) {}

  void add(const AuditRow& row) override;
  std::vector<AuditRow> list(std::int64_t before, std::size_t limit) const override;

 private:
  Connection& connection_;
};

}  // namespace slipway::store
