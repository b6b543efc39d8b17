#pragma once

#include "store/disk_blobs.h"
#include "store/sqlite/checkpointer.h"
#include "store/sqlite/data_dir.h"
#include "store/sqlite/group_commit.h"
#include "store/sqlite/readers.h"
#include "store/sqlite/writer.h"
#include "store/sqlite_store.h"
#include "store/store.h"
#include "store/work_bell.h"

#include <functional>
#include <memory>
#include <string>

namespace slipway::store {

/// The server's store: one writer, readers beside it, and two threads (group commit, checkpoints).
class SqliteStore final : public Store {
 public:
  SqliteStore(const std::string& data_dir, const WrapConnection& wrap);

  void transact(FunctionRef<void(Transaction&)> action) override { writer_.transact(action); }
  void read(FunctionRef<void(const Snapshot&)> action) const override { readers_.read(action); }
  void record(Delivery delivery, std::function<void(Recorded)> on_durable) override;
  bool wait_for_work(std::chrono::milliseconds at_most, std::stop_token stop) override;
  bool wait_for_deliveries(std::chrono::milliseconds at_most, std::stop_token stop) override;
  Blobs& blobs() override { return blobs_; }
  Health health() override { return writer_.health(); }
  std::string check_integrity() override;

 private:
  std::unique_ptr<Connection> open_writer(const WrapConnection& wrap);

  // In the order of their making: each may use those above it.
  DataDir dir_;
  DiskBlobs blobs_;
  WorkBells bells_;
  LogLength log_;
  Writer writer_;
  Checkpointer checkpointer_;
  mutable Readers readers_;
  GroupCommit group_commit_;
};

}  // namespace slipway::store
