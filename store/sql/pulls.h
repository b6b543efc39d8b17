#pragma once

#include "store/sql/connection.h"
#include "store/tables.h"

namespace slipway::store {

class SqlPulls final : public Pulls {
 public:
  explicit SqlPulls(Connection& connection) : connection_(connection) {}

  std::optional<PullRow> find(const PullId& id) const override;
  void save(const PullRow& row) override;
  std::vector<PullRow> open(const RepoId& repo) const override;
  std::vector<PullRow> recent(std::size_t limit) const override;
  std::optional<RepoRow> repo(const RepoId& id, const std::string& branch) const override;
  void save_repo(const RepoRow& row) override;

 private:
  Connection& connection_;
};

}  // namespace slipway::store
