#pragma once

#include <cstddef>

namespace slipway::templates {

/// In code points. What is longer ends in "…": no single name or sentence may eat a comment.
inline constexpr std::size_t kMaxName = 120;      // a project, an address, a flag
inline constexpr std::size_t kMaxSentence = 300;  // somebody's message in a row or a list
inline constexpr std::size_t kMaxString = 2'000;  // one line of a value

/// How many of a kind are named before "n more".
inline constexpr std::size_t kMaxDestroysNamed = 10;
inline constexpr std::size_t kMaxMachinesNamed = 10;
inline constexpr std::size_t kMaxListed = 20;

/// A section with no more lines than this is open from the start.
inline constexpr std::size_t kMaxOpenLines = 12;

/// A table that is too long keeps its worst rows.
inline constexpr std::size_t kMaxRows = 100;

}  // namespace slipway::templates
