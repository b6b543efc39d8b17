#include "store/sql/columns.h"

#include "core/failure.h"

namespace slipway::store {

void throw_damaged(const ParseError& error) {
  throw Failure("the database holds a damaged row: " + error.text());
}

std::optional<Time> Columns::optional_time() {
  const int column = next_++;
  if (row_.is_null(column)) return std::nullopt;
  return from_millis(row_.integer(column));
}

Json Columns::json() { return undamaged(parse_json(row_.text(next_++))); }

RepoId Columns::repo() { return {text(), text()}; }

PullId Columns::pull() { return {repo(), integer()}; }

ProjectId Columns::project() { return {text(), text(), text()}; }

ChangeId Columns::change() { return {pull(), project()}; }

StateKey Columns::state() { return {repo(), project()}; }

}  // namespace slipway::store
