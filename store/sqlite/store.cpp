#include "store/sqlite/store.h"

#include "store/sql/migrate.h"
#include "store/sqlite/connection.h"
#include "store/sqlite/integrity.h"

#include <utility>

namespace slipway::store {

SqliteStore::SqliteStore(const std::string& data_dir, const WrapConnection& wrap)
    : dir_(DataDir::own(data_dir)),
      blobs_(dir_.blobs()),
      writer_(open_writer(wrap), bells_),
      checkpointer_(dir_.database(), log_, writer_),
      readers_(dir_.database()),
      group_commit_(writer_) {
  blobs_.prepare();
}

std::unique_ptr<Connection> SqliteStore::open_writer(const WrapConnection& wrap) {
  auto plain = std::make_unique<SqliteConnection>(dir_.database(), SqliteConnection::Options{});
  plain->on_commit([this](int log_pages) { log_.now(log_pages); });
  std::unique_ptr<Connection> connection = wrap(std::move(plain));
  migrate(*connection, migrations());
  return connection;
}

void SqliteStore::record(Delivery delivery, std::function<void(Recorded)> on_durable) {
  group_commit_.add(std::move(delivery), std::move(on_durable));
}

bool SqliteStore::wait_for_work(std::chrono::milliseconds at_most, std::stop_token stop) {
  return bells_.jobs.wait(at_most, std::move(stop));
}

bool SqliteStore::wait_for_deliveries(std::chrono::milliseconds at_most, std::stop_token stop) {
  return bells_.deliveries.wait(at_most, std::move(stop));
}

std::string SqliteStore::check_integrity() {
  std::string words;
  readers_.use([&](Connection& connection) { words = integrity_of(connection); });
  return words;
}

}  // namespace slipway::store
