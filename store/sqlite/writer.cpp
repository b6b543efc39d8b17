#include "store/sqlite/writer.h"

#include "core/failure.h"
#include "store/sql/tables.h"

namespace slipway::store {
namespace {

/// Whoever asks for our health gives up after some seconds too.
constexpr std::chrono::milliseconds kHealthWait{2'000};

}  // namespace

void Writer::transact(FunctionRef<void(Transaction&)> action) {
  SqlTables tables(*connection_);
  {
    const Turns::Turn turn = turns_.wait();
    in_transaction(Intent::Write, [&] {
      Transaction transaction = tables.transaction();
      action(transaction);
    });
  }
  ring_for(tables);
}

void Writer::read(FunctionRef<void(const Snapshot&)> action) {
  const SqlTables tables(*connection_);
  const Turns::Turn turn = turns_.wait();
  in_transaction(Intent::Read, [&] { action(tables.snapshot()); });
}

std::vector<Recorded> Writer::record(std::span<const PackedDelivery> deliveries) {
  std::vector<Recorded> results;
  SqlTables tables(*connection_);
  {
    const Turns::Turn turn = turns_.wait();
    in_transaction(Intent::Write, [&] {
      results.clear();
      for (const PackedDelivery& packed : deliveries) {
        results.push_back(tables.inbox.record(packed.delivery, packed.body) ? Recorded::New : Recorded::Seen);
      }
    });
  }
  ring_for(tables);
  return results;
}

void Writer::alone(FunctionRef<void(Connection&)> action) {
  const Turns::Turn turn = turns_.wait();
  action(*connection_);
}

Health Writer::health() {
  const auto turn = turns_.wait(kHealthWait);
  if (!turn) return {false, "the database is busy: a write takes longer than two seconds"};
  try {
    // Only a commit tells: what is rolled back never reached the disk.
    in_transaction(Intent::Write, [&] { connection_->write("UPDATE counters SET pulse = pulse + 1", {}); });
    return {true, "ok"};
  } catch (const Failure& failure) {
    return {false, failure.what()};
  }
}

void Writer::ring_for(const SqlTables& tables) {
  if (tables.jobs.brought_work()) bells_.jobs.ring();
  if (tables.inbox.brought_work()) bells_.deliveries.ring();
}

void Writer::in_transaction(Intent intent, FunctionRef<void()> action) {
  connection_->begin(intent);
  try {
    action();
    connection_->commit();
  } catch (...) {
    connection_->rollback();
    throw;
  }
}

}  // namespace slipway::store
