#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace slipway::work {

/// Patterns of paths as .gitignore and Atlantis' `when_modified` have them: `*`, `?` and `[a-z]` stay within
/// a folder's name, `**` is any number of folders, and whoever names a folder names all that is below it.
class PathPattern {
 public:
  /// `pattern` begins at the folder `dir` of the tree ("." is its root), and may leave it by "../".
  PathPattern(std::string_view dir, std::string_view pattern);
  bool matches(std::string_view path) const;

 private:
  std::string start_;                  // the folders before the first wildcard, with a slash at the end
  std::vector<std::string> segments_;  // of the whole pattern
  bool nowhere_ = false;               // it leaves the tree
};

/// Is one of the paths meant by these patterns? They are read in their order, and one that begins with "!"
/// takes back what those before it said.
bool any_matches(std::string_view dir, const std::vector<std::string>& patterns,
                 const std::vector<std::string>& paths);

/// Whether a directory is written as a pattern.
bool is_pattern(std::string_view dir);

}  // namespace slipway::work
