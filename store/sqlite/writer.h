#pragma once

#include "core/function_ref.h"
#include "store/sql/connection.h"
#include "store/sqlite/turns.h"
#include "store/store.h"
#include "store/work_bell.h"

#include <memory>
#include <span>
#include <vector>

namespace slipway::store {

class SqlTables;

/// A delivery on its way to the disk, its body compressed.
struct PackedDelivery {
  Delivery delivery;
  std::string body;
};

/// The one connection that writes. Any thread: they take turns, in the order they came.
class Writer {
 public:
  Writer(std::unique_ptr<Connection> connection, WorkBells& bells)
      : connection_(std::move(connection)), bells_(bells) {}

  /// As Store::transact.
  void transact(FunctionRef<void(Transaction&)> action);
  /// As Store::read, where there is no other connection to read by.
  void read(FunctionRef<void(const Snapshot&)> action);
  /// All in one transaction: New or Seen for each. Throws Failure: then none of them is there.
  std::vector<Recorded> record(std::span<const PackedDelivery> deliveries);
  /// While nobody else writes; outside of any transaction.
  void alone(FunctionRef<void(Connection&)> action);
  Health health();

 private:
  void ring_for(const SqlTables& tables);
  void in_transaction(Intent intent, FunctionRef<void()> action);

  Turns turns_;
  std::unique_ptr<Connection> connection_;
  WorkBells& bells_;
};

}  // namespace slipway::store
