#pragma once

#include "core/guarded.h"
#include "store/compressor.h"
#include "store/sqlite/writer.h"

#include <functional>
#include <stop_token>
#include <thread>
#include <vector>

namespace slipway::store {

/// Deliveries that arrive while one transaction is on its way to the disk share the next: one fsync for all
/// of them. A thread of its own writes, and calls back after the commit. Any thread may add.
class GroupCommit {
 public:
  explicit GroupCommit(Writer& writer);
  /// What was added is still written.
  ~GroupCommit() = default;

  /// `on_durable` must not throw, and should not take long: the next group waits for it.
  void add(Delivery delivery, std::function<void(Recorded)> on_durable);

 private:
  struct Waiting {
    Delivery delivery;
    std::function<void(Recorded)> on_durable;
  };
  void run(const std::stop_token& stop);
  void write(std::vector<Waiting> group);

  Writer& writer_;
  Compressor compressor_;
  Guarded<std::vector<Waiting>> waiting_;
  std::jthread thread_;  // last: it ends before what it uses
};

/// The same without a thread: written when it returns, and called back by it.
void record_at_once(Writer& writer, Delivery delivery, const std::function<void(Recorded)>& on_durable);

}  // namespace slipway::store
