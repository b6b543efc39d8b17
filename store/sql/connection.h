#pragma once

#include "core/clock.h"
#include "core/function_ref.h"

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace slipway::store {

/// What stands for a placeholder ($1, $2, …). Text and bytes are borrowed: they must outlive the call.
class Value {
 public:
  struct Bytes {
    std::string_view bytes;
  };
  using Held = std::variant<std::monostate, std::int64_t, std::string_view, Bytes>;

  template <std::integral Integer>
  Value(Integer value) : held_(static_cast<std::int64_t>(value)) {}  // NOLINT(google-explicit-constructor)
  Value(std::string_view text) : held_(text) {}                      // NOLINT(google-explicit-constructor)
  Value(const std::string& text) : held_(std::string_view(text)) {}  // NOLINT(google-explicit-constructor)
  Value(const char* text) : held_(std::string_view(text)) {}         // NOLINT(google-explicit-constructor)
  Value(Bytes bytes) : held_(bytes) {}                               // NOLINT(google-explicit-constructor)
  Value(Time time) : held_(to_millis(time)) {}                       // NOLINT(google-explicit-constructor)
  Value(std::optional<Time> time) {                                  // NOLINT(google-explicit-constructor)
    if (time) held_ = to_millis(*time);
  }

  const Held& held() const { return held_; }

 private:
  Held held_;
};

/// The values of a statement, for the length of a call.
class Values {
 public:
  Values(std::initializer_list<Value> list)  // NOLINT(google-explicit-constructor)
      : Values(list.begin(), list.size()) {}
  Values(const std::vector<Value>& list)  // NOLINT(google-explicit-constructor)
      : Values(list.data(), list.size()) {}

  std::size_t size() const { return size_; }
  const Value& operator[](std::size_t index) const { return first_[index]; }

 private:
  Values(const Value* first, std::size_t size) : first_(first), size_(size) {}
  const Value* first_;
  std::size_t size_;
};

/// One row of an answer; valid until the next one. Columns count from 0, as the statement lists them.
class Row {
 public:
  virtual ~Row() = default;
  virtual bool is_null(int column) const = 0;
  virtual std::int64_t integer(int column) const = 0;
  /// Text or bytes.
  virtual std::string_view text(int column) const = 0;
};

enum class Intent { Read, Write };

/// A database, as the tables need it: everything above is written once, in SQL that SQLite and PostgreSQL
/// both speak (ON CONFLICT, RETURNING, placeholders $1…). A decorator under all tables lets the n-th write
/// fail. One thread at a time. Throws Failure (Later: busy, disk full).
class Connection {
 public:
  virtual ~Connection() = default;

  virtual void begin(Intent intent) = 0;
  virtual void commit() = 0;
  /// Does nothing outside of a transaction.
  virtual void rollback() noexcept = 0;

  /// The rows of a statement, one after the other, until `each` answers false. No other may run meanwhile.
  virtual void read(std::string_view sql, Values values, FunctionRef<bool(const Row&)> each) = 0;
  /// Gives how many rows were touched; `each` sees what the statement returns.
  virtual std::size_t write(std::string_view sql, Values values, FunctionRef<void(const Row&)> each) = 0;
  /// Statements without values, one after the other.
  virtual void script(std::string_view sql) = 0;

  /// Number of the last migration; 0 for a new database. Part of the transaction.
  virtual std::int64_t schema_version() = 0;
  virtual void set_schema_version(std::int64_t version) = 0;

  std::size_t write(std::string_view sql, Values values) {
    return write(sql, values, [](const Row&) {});
  }
  /// The first row as `convert` makes it, if there is one.
  template <class Convert>
  auto one(std::string_view sql, Values values, Convert convert)
      -> std::optional<decltype(convert(std::declval<const Row&>()))> {
    std::optional<decltype(convert(std::declval<const Row&>()))> found;
    read(sql, values, [&](const Row& row) {
      found.emplace(convert(row));
      return false;
    });
    return found;
  }
  template <class Convert>
  auto all(std::string_view sql, Values values, Convert convert)
      -> std::vector<decltype(convert(std::declval<const Row&>()))> {
    std::vector<decltype(convert(std::declval<const Row&>()))> found;
    read(sql, values, [&](const Row& row) {
      found.push_back(convert(row));
      return true;
    });
    return found;
  }
  /// The row that a write of at most one row returned.
  template <class Convert>
  auto written(std::string_view sql, Values values, Convert convert)
      -> std::optional<decltype(convert(std::declval<const Row&>()))> {
    std::optional<decltype(convert(std::declval<const Row&>()))> found;
    write(sql, values, [&](const Row& row) { found.emplace(convert(row)); });
    return found;
  }
};

}  // namespace slipway::store
