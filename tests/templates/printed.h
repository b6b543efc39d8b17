#pragma once

#include "templates/document.h"
#include "templates/signs.h"

#include <string>
#include <vector>

namespace slipway::templates {

/// Lines as a terminal shows them, without colours.
inline std::string printed(const std::vector<Line>& lines) {
  std::string out;
  for (const Line& line : lines) out += line_text(line, true, false) + "\n";
  return out;
}

}  // namespace slipway::templates
