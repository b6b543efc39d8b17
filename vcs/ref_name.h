#pragma once

#include "core/result.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace slipway::vcs {

inline constexpr std::size_t kMaxBranch = 255;

/// A branch's name as git itself allows it (the rules of git-check-ref-format), at most kMaxBranch bytes, no
/// leading
/// "-": safe in a refspec, as a path below refs/heads and in a sentence.
Result<std::string> parse_branch(std::string_view text);

}  // namespace slipway::vcs
