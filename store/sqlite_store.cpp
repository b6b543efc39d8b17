#include "store/sqlite_store.h"

#include "store/sqlite/memory_store.h"
#include "store/sqlite/store.h"
#include "store/sqlite/visitor_store.h"

#include <string_view>

namespace slipway::store {
namespace {

constexpr std::string_view kInMemory = ":memory:";

}  // namespace

std::unique_ptr<Store> open_sqlite(const std::string& data_dir, Access access) {
  if (access != Access::Own && data_dir != kInMemory) return std::make_unique<VisitorStore>(data_dir, access);
  return open_sqlite(data_dir, [](std::unique_ptr<Connection> connection) { return connection; });
}

std::unique_ptr<Store> open_sqlite(const std::string& data_dir, const WrapConnection& wrap) {
  if (data_dir == kInMemory) return std::make_unique<MemoryStore>(wrap);
  return std::make_unique<SqliteStore>(data_dir, wrap);
}

}  // namespace slipway::store
