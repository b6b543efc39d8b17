#pragma once

#include "core/ids.h"
#include "core/json.h"
#include "store/sql/connection.h"

#include <optional>
#include <string>

namespace slipway::store {

/// Reads a row from left to right: a SELECT's list and the code that reads it stand in the same order. JSON
/// that can't be read is a Failure: the database was damaged, or written by somebody else.
class Columns {
 public:
  explicit Columns(const Row& row) : row_(row) {}

  std::int64_t integer() { return row_.integer(next_++); }
  std::size_t size() { return static_cast<std::size_t>(integer()); }
  bool flag() { return integer() != 0; }
  std::string text() { return std::string(row_.text(next_++)); }
  Time time() { return from_millis(integer()); }
  std::optional<Time> optional_time();
  Json json();
  /// Columns forge, repo.
  RepoId repo();
  /// Columns forge, repo, number.
  PullId pull();
  /// Columns dir, workspace, name.
  ProjectId project();
  /// Columns forge, repo, number, dir, workspace, name.
  ChangeId change();
  /// Columns forge, repo, dir, workspace, name.
  StateKey state();

 private:
  const Row& row_;
  int next_ = 0;
};

[[noreturn]] void throw_damaged(const ParseError& error);

/// A stored document that its parser refuses is damage, not input.
template <class Type>
Type undamaged(Result<Type> result) {
  if (!result) throw_damaged(result.error());
  return std::move(*result);
}

}  // namespace slipway::store
