#pragma once

#include "store/disk_blobs.h"
#include "store/sqlite/data_dir.h"
#include "store/sqlite/readers.h"
#include "store/sqlite/writer.h"
#include "store/store.h"
#include "store/work_bell.h"

#include <functional>
#include <memory>
#include <string>

namespace slipway::store {

/// A command's store: it looks at the data directory of a server, running or not, and may write some rows,
/// but never migrates it. SQLite keeps the two apart.
class VisitorStore final : public Store {
 public:
  /// `access` is Visit or ReadOnly.
  VisitorStore(const std::string& data_dir, Access access);

  void transact(FunctionRef<void(Transaction&)> action) override;
  void read(FunctionRef<void(const Snapshot&)> action) const override { readers_.read(action); }
  void record(Delivery delivery, std::function<void(Recorded)> on_durable) override;
  bool wait_for_work(std::chrono::milliseconds at_most, std::stop_token stop) override;
  bool wait_for_deliveries(std::chrono::milliseconds at_most, std::stop_token stop) override;
  Blobs& blobs() override { return blobs_; }
  Health health() override;
  std::string check_integrity() override;

 private:
  DataDir dir_;
  DiskBlobs blobs_;
  WorkBells bells_;
  mutable Readers readers_;
  std::unique_ptr<Writer> writer_;  // none when it is for reading only
};

}  // namespace slipway::store
