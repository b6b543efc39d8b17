#include "store/sqlite/integrity.h"

#include "store/sql/columns.h"
#include "store/sql/jobs.h"

#include <fmt/format.h>

namespace slipway::store {

std::string integrity_of(Connection& connection) {
  std::string words;
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
  return words + SqlJobs(connection).check();
}

}  // namespace slipway::store
