#pragma once

#include "templates/document.h"

#include <string_view>

namespace slipway::templates {

/// What stands in column 0. Where a forge colours diffs, "!" is what it paints as changed; elsewhere it is
/// "~".
std::string_view sign_text(Sign sign, bool diff_colours);

/// One line of a fence as text: the sign, a space, the text; without trailing spaces, and safe to look at. A
/// title
/// ("# …") stands in column 0, where forges grey it.
std::string line_text(const Line& line, bool signs, bool diff_colours);

}  // namespace slipway::templates
