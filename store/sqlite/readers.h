#pragma once

#include "core/function_ref.h"
#include "core/guarded.h"
#include "store/sql/connection.h"
#include "store/tables.h"

#include <memory>
#include <string>
#include <vector>

namespace slipway::store {

/// Connections that only read, each opened when it is first needed. Any thread; those who find none wait.
class Readers {
 public:
  explicit Readers(std::string database) : database_(std::move(database)) {}

  /// As Store::read.
  void read(FunctionRef<void(const Snapshot&)> action);
  /// Outside of any transaction.
  void use(FunctionRef<void(Connection&)> action);

 private:
  struct Pool {
    std::size_t opened = 0;
    std::vector<std::unique_ptr<Connection>> idle;
  };
  std::unique_ptr<Connection> take();

  const std::string database_;
  Guarded<Pool> pool_;
};

}  // namespace slipway::store
