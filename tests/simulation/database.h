#pragma once

#include "store/sqlite_store.h"
#include "store/store.h"

#include <cstdint>
#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace slipway::simulation {

/// Thrown through everything that a process does when it is killed. Whoever catches it meets it again at the
/// next touch of the world.
struct Killed final : std::exception {
  const char* what() const noexcept override { return "this process is dead"; }
};

/// What happens to the next transaction of a worker.
struct Blow {
  enum class Kind { Kill, Refuse } kind = Kind::Kill;
  int at_write = 1;  // 0: before the commit is on disk; -1: after it is, before anybody hears of it
};

/// SQL that is replaced by other SQL: how a rule that lives in the Store is broken on purpose.
using Tampering = std::vector<std::pair<std::string, std::string>>;

/// The Store of all processes, in memory, with a look at its rows that no code under test has a part in.
class Database {
 public:
  explicit Database(const Tampering& tampering);

  store::Store& store() { return *store_; }
  std::optional<Blow> blow;  // for the next transaction only
  /// Of a worker, which a blow may hit.
  void transact(FunctionRef<void(store::Transaction&)> action);
  std::int64_t commits() const { return commits_; }

  /// Rows by plain SQL, column by column as text.
  using Rows = std::vector<std::vector<std::string>>;
  Rows rows(std::string_view sql) const;

 private:
  friend class TamperedConnection;
  const Tampering& tampering_;
  std::int64_t commits_ = 0;
  bool may_strike_ = false;
  store::Connection* connection_ = nullptr;
  std::unique_ptr<store::Store> store_;
};

}  // namespace slipway::simulation
