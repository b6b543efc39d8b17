#pragma once

#include "store/memory_blobs.h"
#include "store/sqlite/writer.h"
#include "store/sqlite_store.h"
#include "store/store.h"
#include "store/work_bell.h"

#include <functional>
#include <memory>
#include <string>

namespace slipway::store {

/// ":memory:": one connection for all, no threads, so that a simulation is quick and always the same.
class MemoryStore final : public Store {
 public:
  explicit MemoryStore(const WrapConnection& wrap);

  void transact(FunctionRef<void(Transaction&)> action) override { writer_.transact(action); }
  void read(FunctionRef<void(const Snapshot&)> action) const override { writer_.read(action); }
  void record(Delivery delivery, std::function<void(Recorded)> on_durable) override;
  bool wait_for_work(std::chrono::milliseconds at_most, std::stop_token stop) override;
  bool wait_for_deliveries(std::chrono::milliseconds at_most, std::stop_token stop) override;
  Blobs& blobs() override { return blobs_; }
  Health health() override { return writer_.health(); }
  std::string check_integrity() override;

 private:
  MemoryBlobs blobs_;
  WorkBells bells_;
  mutable Writer writer_;
};

}  // namespace slipway::store
