#pragma once

#include <string_view>

namespace slipway::vcs {

/// Whether a symbolic link at `path` (below the tree's root) with this target stays inside the tree: it is
/// relative, and climbs only at its beginning and no higher than the root. "a/../b" is not taken: where "a"
/// is a link itself, ".." climbs from wherever that leads. With every link of a tree so bound, no chain of
/// them leaves it.
bool stays_inside(std::string_view path, std::string_view target);

}  // namespace slipway::vcs
