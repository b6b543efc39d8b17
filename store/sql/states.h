#pragma once

#include "store/sql/connection.h"
#include "store/tables.h"

namespace slipway::store {

class SqlStates final : public States {
 public:
  explicit SqlStates(Connection& connection) : connection_(connection) {}

  std::int64_t add(const StateVersion& version) override;
  std::optional<StateVersion> latest(const StateKey& key) const override;
  std::optional<StateVersion> find(std::int64_t id) const override;
  std::vector<StateVersion> versions(const StateKey& key, std::size_t limit) const override;
  std::vector<StateVersion> all_latest() const override;
  void save_machines(std::int64_t id, const std::vector<Machine>& machines,
                     const std::string& mapping) override;
  std::optional<StateLock> lock(const StateKey& key) const override;
  bool take_lock(const StateLock& lock) override;
  void drop_lock(const StateKey& key) override;
  void grant(const Grant& grant) override;
  std::optional<Grant> granted(const std::string& token_digest) const override;
  void revoke(const RunId& run) override;

 private:
  Connection& connection_;
};

}  // namespace slipway::store
