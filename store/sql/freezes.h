#pragma once

#include "store/sql/connection.h"
#include "store/tables.h"

namespace slipway::store {

class SqlFreezes final : public Freezes {
 public:
  explicit SqlFreezes(Connection& connection) : connection_(connection) {}

  void save(const Freeze& freeze) override;
  bool end(const FreezeScope& scope) override;
  std::vector<Freeze> all() const override;
  std::size_t forget(Time now) override;

 private:
  Connection& connection_;
};

}  // namespace slipway::store
