#pragma once

#include "store/sql/connection.h"
#include "store/store.h"

#include <functional>
#include <memory>
#include <string>

namespace slipway::store {

/// Puts a decorator around the connection that writes; for tests that let the n-th write fail. Of ":memory:"
/// it is the connection that reads, too.
using WrapConnection = std::function<std::unique_ptr<Connection>(std::unique_ptr<Connection>)>;

std::unique_ptr<Store> open_sqlite(const std::string& data_dir, const WrapConnection& wrap);

}  // namespace slipway::store
