#include "store/sqlite/memory_store.h"

#include "store/sql/migrate.h"
#include "store/sqlite/connection.h"
#include "store/sqlite/group_commit.h"
#include "store/sqlite/integrity.h"

#include <utility>

namespace slipway::store {
namespace {

std::unique_ptr<Connection> open_new(const WrapConnection& wrap) {
  auto connection = wrap(std::make_unique<SqliteConnection>(":memory:", SqliteConnection::Options{}));
  migrate(*connection, migrations());
  return connection;
}

}  // namespace

MemoryStore::MemoryStore(const WrapConnection& wrap) : writer_(open_new(wrap), bells_) {}

void MemoryStore::record(Delivery delivery, std::function<void(Recorded)> on_durable) {
  record_at_once(writer_, std::move(delivery), on_durable);
}

bool MemoryStore::wait_for_work(std::chrono::milliseconds at_most, std::stop_token stop) {
  return bells_.jobs.wait(at_most, std::move(stop));
}

bool MemoryStore::wait_for_deliveries(std::chrono::milliseconds at_most, std::stop_token stop) {
  return bells_.deliveries.wait(at_most, std::move(stop));
}

std::string MemoryStore::check_integrity() {
  std::string words;
  writer_.alone([&](Connection& connection) { words = integrity_of(connection); });
  return words;
}

}  // namespace slipway::store
