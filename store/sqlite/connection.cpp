#include "store/sqlite/connection.h"

#include "core/failure.h"

#include <fmt/format.h>

#include <charconv>
#include <cstring>

namespace slipway::store {
namespace {

/// Only another process makes us wait (a command beside the server): inside of one, writers stand in line.
constexpr int kBusyMillis = 10'000;
/// To this the log is cut when it begins anew. A file that is there is quicker to write than one that grows.
constexpr int kKeptLogBytes = 16 * 1024 * 1024;

class SqliteRow final : public Row {
 public:
  explicit SqliteRow(sqlite3_stmt* statement) : statement_(statement) {}
  bool is_null(int column) const override { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }
  std::int64_t integer(int column) const override { return sqlite3_column_int64(statement_, column); }
  std::string_view text(int column) const override {
    const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement_, column));
    if (bytes == nullptr) return {};
    return {bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
  }

 private:
  sqlite3_stmt* statement_;
};

/// A statement that ran is made ready for its next run, whatever happened.
struct Reset {
  sqlite3_stmt* statement;
  ~Reset() {
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
  }
};

/// Binds one value. Nothing is copied: a Value lives as long as the run of its statement.
struct Bind {
  sqlite3_stmt* statement;
  int index;

  int operator()(std::monostate) const { return sqlite3_bind_null(statement, index); }
  int operator()(std::int64_t value) const { return sqlite3_bind_int64(statement, index, value); }
  int operator()(std::string_view text) const {
    // A null pointer would be NULL and not the empty text.
    return sqlite3_bind_text64(statement, index, text.data() == nullptr ? "" : text.data(), text.size(),
                               SQLITE_STATIC, SQLITE_UTF8);
  }
  int operator()(Value::Bytes value) const {
    const std::string_view bytes = value.bytes;
    return sqlite3_bind_blob64(statement, index, bytes.data() == nullptr ? "" : bytes.data(), bytes.size(),
                               SQLITE_STATIC);
  }
};

[[noreturn]] void fail(sqlite3* database, int code) {
  const std::string_view said = database != nullptr ? sqlite3_errmsg(database) : sqlite3_errstr(code);
  switch (code & 0xff) {
    case SQLITE_FULL:
      throw Failure("the database can't grow: the disk is full", Retry::Later);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PROTOCOL:
      throw Failure(fmt::format("another process uses the database ({})", said), Retry::Later);
    case SQLITE_IOERR:
    case SQLITE_NOMEM:
    case SQLITE_CANTOPEN:
      throw Failure(fmt::format("the database can't be used ({}, code {})", said, code), Retry::Later);
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      throw Failure(
          fmt::format("the database is damaged ({}): restore a backup of the data directory", said));
    default:
      throw Failure(fmt::format("the database refuses ({}, code {})", said, code));
  }
}

/// SQLite's count of its memory takes a lock of the whole process at each allocation, and nobody reads it.
void count_no_memory() {
  [[maybe_unused]] static const int done = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

}  // namespace

SqliteConnection::SqliteConnection(const std::string& path, Options options) {
  count_no_memory();
  const int access = options.may_write ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY;
  sqlite3* opened = nullptr;
  const int code =
      sqlite3_open_v2(path.c_str(), &opened, access | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
  database_.reset(opened);
  check(code);
  sqlite3_busy_timeout(opened, kBusyMillis);
  script("PRAGMA trusted_schema = OFF; PRAGMA temp_store = MEMORY");
  script(fmt::format("PRAGMA cache_size = -{}", options.cache_kib));
  if (!options.may_write) return;
  script(
      "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; "
      "PRAGMA wal_autocheckpoint = 0; PRAGMA secure_delete = OFF");
  script(fmt::format("PRAGMA journal_size_limit = {}", kKeptLogBytes));
}

SqliteConnection::~SqliteConnection() = default;

void SqliteConnection::begin(Intent intent) {
  run(intent == Intent::Write ? "BEGIN IMMEDIATE" : "BEGIN", {}, [](const Row&) { return true; });
}

void SqliteConnection::commit() {
  run("COMMIT", {}, [](const Row&) { return true; });
}

void SqliteConnection::rollback() noexcept {
  // Some errors (a full disk) have ended the transaction already.
  if (sqlite3_get_autocommit(database_.get()) != 0) return;
  sqlite3_exec(database_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
}

void SqliteConnection::read(std::string_view sql, Values values, FunctionRef<bool(const Row&)> each) {
  run(sql, values, each);
}

std::size_t SqliteConnection::write(std::string_view sql, Values values, FunctionRef<void(const Row&)> each) {
  run(sql, values, [&](const Row& row) {
    each(row);
    return true;
  });
  return static_cast<std::size_t>(sqlite3_changes64(database_.get()));
}

void SqliteConnection::script(std::string_view sql) {
  check(sqlite3_exec(database_.get(), std::string(sql).c_str(), nullptr, nullptr, nullptr));
}

std::int64_t SqliteConnection::schema_version() {
  return one("PRAGMA user_version", {}, [](const Row& row) { return row.integer(0); }).value();
}

void SqliteConnection::set_schema_version(std::int64_t version) {
  script(fmt::format("PRAGMA user_version = {}", version));
}

void SqliteConnection::on_commit(std::function<void(int log_pages)> listener) {
  listener_ = std::move(listener);
  sqlite3_wal_hook(
      database_.get(),
      [](void* self, sqlite3*, const char*, int pages) {
        static_cast<SqliteConnection*>(self)->listener_(pages);
        return SQLITE_OK;
      },
      this);
}

int SqliteConnection::checkpoint() {
  int copied = 0;
  const int code =
      sqlite3_wal_checkpoint_v2(database_.get(), nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, &copied);
  if ((code & 0xff) != SQLITE_BUSY) check(code);  // busy: another process is at it
  return copied;
}

const SqliteConnection::Prepared& SqliteConnection::prepare(std::string_view sql) {
  if (const auto known = prepared_.find(sql); known != prepared_.end()) return known->second;
  sqlite3_stmt* statement = nullptr;
  check(sqlite3_prepare_v3(database_.get(), sql.data(), static_cast<int>(sql.size()),
                           SQLITE_PREPARE_PERSISTENT, &statement, nullptr));
  Prepared prepared;
  prepared.statement.reset(statement);
  // SQLite takes "$2" for a name, and numbers the names as they appear.
  for (int index = 1; index <= sqlite3_bind_parameter_count(statement); ++index) {
    const char* name = sqlite3_bind_parameter_name(statement, index);
    int number = 0;
    if (name != nullptr) std::from_chars(name + 1, name + std::strlen(name), number);
    prepared.placeholders.push_back(number);
  }
  return prepared_.emplace(std::string(sql), std::move(prepared)).first->second;
}

void SqliteConnection::run(std::string_view sql, Values values, FunctionRef<bool(const Row&)> each) {
  const Prepared& prepared = prepare(sql);
  sqlite3_stmt* statement = prepared.statement.get();
  const Reset reset{statement};
  int index = 0;
  for (const int number : prepared.placeholders) {
    const auto place = static_cast<std::size_t>(number - 1);
    if (place >= values.size()) throw Failure(fmt::format("no value for ${} of: {}", number, sql));
    check(std::visit(Bind{statement, ++index}, values[place].held()));
  }
  const SqliteRow row(statement);
  for (;;) {
    const int code = sqlite3_step(statement);
    if (code == SQLITE_DONE) return;
    if (code != SQLITE_ROW) fail(database_.get(), code);
    if (!each(row)) return;
  }
}

void SqliteConnection::check(int code) const {
  if (code != SQLITE_OK) fail(database_.get(), code);
}

}  // namespace slipway::store
