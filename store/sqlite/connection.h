#pragma once

#include "store/sql/connection.h"

#include <sqlite3.h>

#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace slipway::store {

/// One connection to a SQLite database: WAL, every commit on disk before it returns, checkpoints only when
/// asked for. Each statement is prepared once and kept. One thread at a time.
class SqliteConnection final : public Connection {
 public:
  struct Options {
    bool may_write = true;
    int cache_kib = 1024;
  };
  /// ":memory:" is a database of its own. Throws Failure.
  SqliteConnection(const std::string& path, Options options);
  ~SqliteConnection() override;
  SqliteConnection(const SqliteConnection&) = delete;
  SqliteConnection& operator=(const SqliteConnection&) = delete;

  void begin(Intent intent) override;
  void commit() override;
  void rollback() noexcept override;
  void read(std::string_view sql, Values values, FunctionRef<bool(const Row&)> each) override;
  std::size_t write(std::string_view sql, Values values, FunctionRef<void(const Row&)> each) override;
  using Connection::write;
  void script(std::string_view sql) override;
  std::int64_t schema_version() override;
  void set_schema_version(std::int64_t version) override;

  /// Called after each commit with the length of the log, in pages. From inside the commit: only to note it.
  void on_commit(std::function<void(int log_pages)> listener);

  /// Copies the log into the database, as far as readers allow, without stopping anybody. Gives how many
  /// pages of the log are in the database now. Once all are, the next commit begins the log anew.
  int checkpoint();

 private:
  struct Prepared {
    struct Finalize {
      void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
    };
    std::unique_ptr<sqlite3_stmt, Finalize> statement;
    std::vector<int> placeholders;  // the number of each parameter, in SQLite's order
  };
  struct Close {
    void operator()(sqlite3* database) const { sqlite3_close(database); }
  };
  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };

  const Prepared& prepare(std::string_view sql);
  void run(std::string_view sql, Values values, FunctionRef<bool(const Row&)> each);
  void check(int code) const;

  std::unique_ptr<sqlite3, Close> database_;
  std::function<void(int)> listener_;
  std::unordered_map<std::string, Prepared, TextHash, std::equal_to<>> prepared_;
};

}  // namespace slipway::store
