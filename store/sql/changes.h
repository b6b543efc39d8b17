#pragma once

#include "store/sql/connection.h"
#include "store/tables.h"

namespace slipway::store {

class SqlChanges final : public Changes {
 public:
  explicit SqlChanges(Connection& connection) : connection_(connection) {}

  std::optional<Change> find(const ChangeId& id) const override;
  std::vector<Change> of_pull(const PullId& id) const override;
  void save(const Change& change) override;
  void drop(const ChangeId& id) override;
  std::vector<Change> of_state(const StateKey& key, const std::vector<std::string>& states) const override;
  std::optional<Change> newest_through(const StateKey& key) const override;
  std::vector<Change> planned(const StateKey& key) const override;
  std::vector<Change> queued(const RepoId& repo) const override;
  std::vector<Change> in(const std::vector<std::string>& states, std::size_t limit) const override;

 private:
  Connection& connection_;
};

}  // namespace slipway::store
