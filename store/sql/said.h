#pragma once

#include "store/sql/connection.h"
#include "store/tables.h"

namespace slipway::store {

class SqlSaid final : public Said {
 public:
  explicit SqlSaid(Connection& connection) : connection_(connection) {}

  std::optional<SaidRow> find(const PullId& pull, const std::string& slot) const override;
  void save(const SaidRow& row) override;
  bool first_time(const PullId& pull, std::int64_t comment) override;
  std::string status(const RepoId& repo, const Sha& commit, const std::string& context) const override;
  void save_status(const RepoId& repo, const Sha& commit, const std::string& context,
                   const std::string& digest) override;

 private:
  Connection& connection_;
};

}  // namespace slipway::store
