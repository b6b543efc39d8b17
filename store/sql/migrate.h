#pragma once

#include "store/sql/connection.h"

#include <cstdint>
#include <span>
#include <string_view>

namespace slipway::store {

/// One step of the schema: store/migrations/NNNN_name.sql. Forward only; never edited once released.
struct Migration {
  std::int64_t number = 0;
  std::string_view name;
  std::string_view sql;
};

/// All of them, in order, as this program was built with them.
std::span<const Migration> migrations();

/// Brings the database to the last of the migrations, in one transaction. Throws Failure when a newer Slipway
/// wrote it.
void migrate(Connection& connection, std::span<const Migration> to);

/// For those who may not change it: throws Failure unless it is at the last of the migrations.
void require_schema(Connection& connection, std::span<const Migration> at);

}  // namespace slipway::store
