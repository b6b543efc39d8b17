#pragma once

#include "core/failure.h"
#include "core/guarded.h"
#include "store/sql/connection.h"
#include "store/sqlite_store.h"

#include <cstdint>
#include <memory>
#include <utility>

namespace slipway::store {

/// What goes wrong below a store: the n-th of its writes fails. A commit counts as two, before and after it
/// is on disk: a process can die at either moment. Any thread.
class Fault {
 public:
  /// The n-th write from now on (the first is 1) fails, and all that come after it: the process is dead, but
  /// for the test that looks at what it left. `heal` is its next life.
  void crash_at(std::int64_t n) { arm(n, true); }
  /// Only the n-th write fails, as on a disk that was full for a moment; a commit counts as one.
  void refuse(std::int64_t n) { arm(n, false); }
  void heal() {
    state_.with([](State& state) { state = {.writes = state.writes}; });
  }

  /// All writes so far: what to count n up to.
  std::int64_t writes() const {
    return state_.with([](const State& state) { return state.writes; });
  }
  bool has_struck() const {
    return state_.with([](const State& state) { return state.has_struck; });
  }

  /// Throws when it is time. `after_commit` counts for crashes only.
  void pass(bool after_commit = false) {
    const bool fails = state_.with([&](State& state) {
      if (state.has_struck && state.is_crash) return true;
      if (after_commit && !state.is_crash && state.left > 0) return false;
      ++state.writes;
      if (state.left == 0 || --state.left > 0) return false;
      state.has_struck = true;
      return true;
    });
    if (fails) throw Failure("the disk failed, as planned", Retry::Later);
  }

 private:
  struct State {
    std::int64_t writes = 0;
    std::int64_t left = 0;  // until it strikes; 0: never
    bool is_crash = false;
    bool has_struck = false;
  };
  void arm(std::int64_t n, bool is_crash) {
    state_.with([&](State& state) { state = {.writes = state.writes, .left = n, .is_crash = is_crash}; });
  }

  Guarded<State> state_;
};

/// A connection whose writes a Fault may let fail. Rolling back always works: a dead process does as much.
class FailingConnection final : public Connection {
 public:
  FailingConnection(std::unique_ptr<Connection> inner, Fault& fault)
      : inner_(std::move(inner)), fault_(fault) {}

  void begin(Intent intent) override { inner_->begin(intent); }
  void commit() override {
    fault_.pass();
    inner_->commit();
    fault_.pass(true);
  }
  void rollback() noexcept override { inner_->rollback(); }
  void read(std::string_view sql, Values values, FunctionRef<bool(const Row&)> each) override {
    inner_->read(sql, values, each);
  }
  std::size_t write(std::string_view sql, Values values, FunctionRef<void(const Row&)> each) override {
    fault_.pass();
    return inner_->write(sql, values, each);
  }
  void script(std::string_view sql) override {
    fault_.pass();
    inner_->script(sql);
  }
  std::int64_t schema_version() override { return inner_->schema_version(); }
  void set_schema_version(std::int64_t version) override {
    fault_.pass();
    inner_->set_schema_version(version);
  }

 private:
  std::unique_ptr<Connection> inner_;
  Fault& fault_;
};

/// For open_sqlite(data_dir, failing(fault)). The fault must outlive the store.
inline WrapConnection failing(Fault& fault) {
  return [&fault](std::unique_ptr<Connection> inner) {
    return std::make_unique<FailingConnection>(std::move(inner), fault);
  };
}

}  // namespace slipway::store
