#include "tests/simulation/database.h"

#include "core/failure.h"

#include <algorithm>

namespace slipway::simulation {

using store::Connection;
using store::Intent;
using store::Row;
using store::Values;

/// Strikes when it is told to, and speaks other SQL where it is tampered with.
class TamperedConnection final : public Connection {
 public:
  TamperedConnection(std::unique_ptr<Connection> inner, Database& database)
      : inner_(std::move(inner)), database_(database) {}

  void begin(Intent intent) override {
    writes_ = 0;
    inner_->begin(intent);
    writing_ = intent == Intent::Write;
  }
  void commit() override {
    if (writing_) pass(0);
    inner_->commit();
    if (!writing_) return;
    ++database_.commits_;
    pass(-1);
    if (database_.may_strike_) database_.blow.reset();
  }
  void rollback() noexcept override { inner_->rollback(); }
  void read(std::string_view sql, Values values, FunctionRef<bool(const Row&)> each) override {
    inner_->read(tampered(sql), values, each);
  }
  std::size_t write(std::string_view sql, Values values, FunctionRef<void(const Row&)> each) override {
    pass(++writes_);
    return inner_->write(tampered(sql), values, each);
  }
  using Connection::write;
  void script(std::string_view sql) override { inner_->script(tampered(sql)); }
  std::int64_t schema_version() override { return inner_->schema_version(); }
  void set_schema_version(std::int64_t version) override { inner_->set_schema_version(version); }

 private:
  void pass(int write) {
    if (!database_.may_strike_ || !database_.blow || database_.blow->at_write != write) return;
    const Blow blow = *database_.blow;
    database_.blow.reset();
    if (blow.kind == Blow::Kind::Kill) throw Killed{};
    if (write >= 0) throw Failure("the disk is full for the moment", Retry::Later);
  }
  std::string_view tampered(std::string_view sql) {
    for (const auto& [old_text, new_text] : database_.tampering_) {
      const auto at = sql.find(old_text);
      if (at == std::string_view::npos) continue;
      kept_ = std::string(sql.substr(0, at)) + new_text + std::string(sql.substr(at + old_text.size()));
      return kept_;
    }
    return sql;
  }

  std::unique_ptr<Connection> inner_;
  Database& database_;
  std::string kept_;
  int writes_ = 0;
  bool writing_ = false;
};

Database::Database(const Tampering& tampering) : tampering_(tampering) {
  store_ = store::open_sqlite(":memory:", [this](std::unique_ptr<Connection> inner) {
    connection_ = inner.get();
    return std::make_unique<TamperedConnection>(std::move(inner), *this);
  });
}

void Database::transact(FunctionRef<void(store::Transaction&)> action) {
  may_strike_ = true;
  try {
    store_->transact(action);
  } catch (...) {
    may_strike_ = false;
    throw;
  }
  may_strike_ = false;
}

Database::Rows Database::rows(std::string_view sql) const {
  const std::string_view columns = sql.substr(0, sql.find(" FROM "));
  const auto count = static_cast<int>(std::count(columns.begin(), columns.end(), ',')) + 1;
  Rows out;
  connection_->read(sql, {}, [&](const Row& row) {
    std::vector<std::string>& texts = out.emplace_back();
    texts.reserve(static_cast<std::size_t>(count));
    for (int i = 0; i < count; ++i) texts.emplace_back(row.text(i));
    return true;
  });
  return out;
}

}  // namespace slipway::simulation
