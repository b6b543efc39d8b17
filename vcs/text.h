#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace slipway::vcs {

/// Other people's words on one line: control characters and runs of white space become one space, what is not
/// UTF-8 is replaced, and beyond `max_bytes` it is cut between two characters and ends in "…".
std::string one_line(std::string_view text, std::size_t max_bytes);

/// At most `max` characters (code points); what is longer ends in "…".
std::string at_most(std::string_view text, std::size_t max);

}  // namespace slipway::vcs
