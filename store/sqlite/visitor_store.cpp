#include "store/sqlite/visitor_store.h"

#include "core/failure.h"
#include "store/sql/migrate.h"
#include "store/sqlite/connection.h"
#include "store/sqlite/group_commit.h"
#include "store/sqlite/integrity.h"

#include <utility>

namespace slipway::store {
namespace {

constexpr const char* kReadOnly = "the database was opened for reading only";

}  // namespace

VisitorStore::VisitorStore(const std::string& data_dir, Access access)
    : dir_(DataDir::visit(data_dir)), blobs_(dir_.blobs()), readers_(dir_.database()) {
  readers_.use([](Connection& connection) { require_schema(connection, migrations()); });
  if (access == Access::ReadOnly) return;
  writer_ = std::make_unique<Writer>(
      std::make_unique<SqliteConnection>(dir_.database(), SqliteConnection::Options{}), bells_);
}

void VisitorStore::transact(FunctionRef<void(Transaction&)> action) {
  if (writer_ == nullptr) throw Failure(kReadOnly);
  writer_->transact(action);
}

void VisitorStore::record(Delivery delivery, std::function<void(Recorded)> on_durable) {
  if (writer_ == nullptr) {
    on_durable(Recorded::Failed);
  } else {
    record_at_once(*writer_, std::move(delivery), on_durable);
  }
}

bool VisitorStore::wait_for_work(std::chrono::milliseconds at_most, std::stop_token stop) {
  return bells_.jobs.wait(at_most, std::move(stop));
}

bool VisitorStore::wait_for_deliveries(std::chrono::milliseconds at_most, std::stop_token stop) {
  return bells_.deliveries.wait(at_most, std::move(stop));
}

Health VisitorStore::health() {
  if (writer_ == nullptr) return {false, kReadOnly};
  return writer_->health();
}

std::string VisitorStore::check_integrity() {
  std::string words;
  readers_.use([&](Connection& connection) { words = integrity_of(connection); });
  return words;
}

}  // namespace slipway::store
