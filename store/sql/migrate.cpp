#include "store/sql/migrate.h"

#include "core/failure.h"

#include <fmt/format.h>

namespace slipway::store {
namespace {

std::int64_t newest(std::span<const Migration> migrations) {
  return migrations.empty() ? 0 : migrations.back().number;
}

void refuse_newer(std::int64_t version, std::span<const Migration> known) {
  if (version <= newest(known)) return;
  throw Failure(fmt::format(
      "the database has schema {}, but this Slipway knows schemas up to {} only: a newer one wrote it. "
      "Start the newer version again, or restore a backup",
      version, newest(known)));
}

}  // namespace

void migrate(Connection& connection, std::span<const Migration> to) {
  if (connection.schema_version() == newest(to)) return;
  connection.begin(Intent::Write);
  try {
    const std::int64_t version = connection.schema_version();
    refuse_newer(version, to);
    for (const Migration& migration : to) {
      if (migration.number > version) connection.script(migration.sql);
    }
    connection.set_schema_version(newest(to));
    connection.commit();
  } catch (...) {
    connection.rollback();
    throw;
  }
}

void require_schema(Connection& connection, std::span<const Migration> at) {
  const std::int64_t version = connection.schema_version();
  refuse_newer(version, at);
  if (version < newest(at)) {
    throw Failure(
        fmt::format("the database has schema {}, this Slipway needs {}: start its server once to migrate it",
                    version, newest(at)));
  }
}

}  // namespace slipway::store
