#pragma once

#include "core/function_ref.h"
#include "store/blobs.h"
#include "store/tables.h"

#include <chrono>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>

namespace slipway::store {

struct Health {
  bool writable = false;
  std::string words;  // what is wrong, or "ok"
};

/// Everything that must survive. Any thread. Throws Failure (Later: busy, disk full for the moment).
class Store {
 public:
  virtual ~Store() = default;
  /// Serialisable; all or nothing; on disk when it returns. Rows only, no effects: `action` may run twice.
  virtual void transact(FunctionRef<void(Transaction&)> action) = 0;
  /// A consistent view that never blocks the writer.
  virtual void read(FunctionRef<void(const Snapshot&)> action) const = 0;
  /// The webhook route's: returns at once; `on_durable` is called from another thread when the delivery is on
  /// disk (New), was there before (Seen), or can't be written (Failed). Deliveries that arrive together share
  /// one fsync.
  virtual void record(Delivery delivery, std::function<void(Recorded)> on_durable) = 0;
  /// Until a due job may be there (a transaction added one), the deadline, or a stop.
  virtual bool wait_for_work(std::chrono::milliseconds at_most, std::stop_token stop) = 0;
  /// Until a delivery may be pending, the deadline, or a stop.
  virtual bool wait_for_deliveries(std::chrono::milliseconds at_most, std::stop_token stop) = 0;
  virtual Blobs& blobs() = 0;
  virtual Health health() = 0;
  /// For `doctor`: the database's own check; empty when all is well.
  virtual std::string check_integrity() = 0;
};

/// How a process uses a data directory.
enum class Access {
  Own,       // the server: the only one; makes the database, migrates it, and keeps a lock while it lives
  Visit,     // a command that writes some rows, beside a running server or not (`slipway replay`)
  ReadOnly,  // a command that looks (`slipway doctor`, `slipway inventory`)
};

/// Opens the database below `data_dir`; refuses one that a newer Slipway wrote, and a second owner.
/// `data_dir` ":memory:" is a new one for tests and the simulation: blobs are in memory too, there are no
/// threads (`record` calls back before it returns), and `read` must not be called inside of `transact`.
std::unique_ptr<Store> open_sqlite(const std::string& data_dir, Access access = Access::Own);

}  // namespace slipway::store
