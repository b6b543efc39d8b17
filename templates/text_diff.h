#pragma once

#include "core/function_ref.h"

#include <cstddef>
#include <string_view>
#include <vector>

namespace slipway::templates {

/// One step from a first sequence to a second. `before` and `after` are indices; of a Remove only `before`
/// counts, of an Add only `after`.
struct Edit {
  enum class Kind { Keep, Remove, Add } kind = Kind::Keep;
  std::size_t before = 0;
  std::size_t after = 0;
};

/// Beyond this many edits the middle is given as removed and added whole: nobody reads such a diff, and
/// finding the shortest costs the square of it.
inline constexpr std::size_t kMaxEdits = 1'000;

/// The shortest way from one sequence to another (Eugene W. Myers, "An O(ND) difference algorithm", 1986);
/// removals come before additions. `same(i, j)` compares the i-th of the first with the j-th of the second.
std::vector<Edit> shortest_edits(std::size_t before_size, std::size_t after_size,
                                 FunctionRef<bool(std::size_t, std::size_t)> same);

/// Without their newlines; a text that ends in a newline has an empty last line.
std::vector<std::string_view> lines_of(std::string_view text);

}  // namespace slipway::templates
