#include "store/sqlite/readers.h"

#include "store/sql/tables.h"
#include "store/sqlite/connection.h"

#include <chrono>
#include <stop_token>
#include <utility>

namespace slipway::store {
namespace {

/// Pages, metrics and workers read for microseconds: a few connections are enough, and each costs memory.
constexpr std::size_t kMaxReaders = 4;
constexpr int kReaderCacheKib = 256;
/// Only a reader that ends matters; this is so far away that it makes no difference.
constexpr std::chrono::hours kAnyTime{24};

}  // namespace

void Readers::read(FunctionRef<void(const Snapshot&)> action) {
  use([&](Connection& connection) {
    const SqlTables tables(connection);
    connection.begin(Intent::Read);
    try {
      action(tables.snapshot());
      connection.commit();
    } catch (...) {
      connection.rollback();
      throw;
    }
  });
}

void Readers::use(FunctionRef<void(Connection&)> action) {
  std::unique_ptr<Connection> connection = take();
  const auto give_back = [&] {
    pool_.change([&](Pool& pool) { pool.idle.push_back(std::move(connection)); });
  };
  try {
    action(*connection);
  } catch (...) {
    give_back();
    throw;
  }
  give_back();
}

std::unique_ptr<Connection> Readers::take() {
  for (;;) {
    bool may_open = false;
    auto connection = pool_.with([&](Pool& pool) -> std::unique_ptr<Connection> {
      if (!pool.idle.empty()) {
        auto last = std::move(pool.idle.back());  // the last used has its pages at hand
        pool.idle.pop_back();
        return last;
      }
      may_open = pool.opened < kMaxReaders;
      if (may_open) ++pool.opened;
      return nullptr;
    });
    if (connection != nullptr) return connection;
    if (may_open) {
      try {
        return std::make_unique<SqliteConnection>(
            database_, SqliteConnection::Options{.may_write = false, .cache_kib = kReaderCacheKib});
      } catch (...) {
        pool_.change([](Pool& pool) { --pool.opened; });
        throw;
      }
    }
    pool_.wait_until(std::chrono::steady_clock::now() + kAnyTime, std::stop_token(),
                     [](const Pool& pool) { return !pool.idle.empty() || pool.opened < kMaxReaders; });
  }
}

}  // namespace slipway::store
