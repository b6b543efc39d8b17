#include "store/sqlite/integrity.h"

#include "core/failure.h"
#include "store/sql/columns.h"
#include "store/sql/jobs.h"

#include <fmt/format.h>

namespace slipway::store {

std::string integrity_of(Connection& connection) {
  std::string words;
  try {
    connection.read("PRAGMA integrity_check", {}, [&](const Row& row) {
      const std::string said = Columns(row).text();
      if (said != "ok") words += said + "\n";
      return true;
    });
    connection.read("PRAGMA foreign_key_check", {}, [&](const Row& row) {
      Columns in(row);
      const std::string table = in.text();
      words += fmt::format("{}: row {} belongs to a row that is missing\n", table, in.integer());
      return true;
    });
    words += SqlJobs(connection).check();
  } catch (const Failure& failure) {  // so damaged that it can't be read: that is the answer
    words += failure.what();
  }
  return words;
}

}  // namespace slipway::store
