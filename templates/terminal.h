#pragma once

#include "templates/document.h"

#include <cstddef>
#include <string>

namespace slipway::templates {

struct TerminalStyle {
  bool colours = false;
  std::size_t width = 100;  // columns; preformatted lines may be longer
};

/// For a terminal: everything unfolded, no markup, no escape sequence that is not ours.
std::string terminal(const Document& document, const TerminalStyle& style);

}  // namespace slipway::templates
