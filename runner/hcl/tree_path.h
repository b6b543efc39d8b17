#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace slipway::runner {

/// Paths within a repository's tree: "a/b", and "." for its root.

/// `path` as seen from the directory `base`; nothing when it leaves the tree, or is absolute.
std::optional<std::string> join_in_tree(std::string_view base, std::string_view path);
/// The directory that holds it.
std::string parent_of(std::string_view path);
std::string_view name_of(std::string_view path);
/// The path itself, or below it.
bool is_within(std::string_view path, std::string_view directory);

}  // namespace slipway::runner
