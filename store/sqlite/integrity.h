#pragma once

#include "store/sql/connection.h"

#include <string>

namespace slipway::store {

/// SQLite's own check of every page and index, and ours of what no index can guard. Empty when all is well.
std::string integrity_of(Connection& connection);

}  // namespace slipway::store
