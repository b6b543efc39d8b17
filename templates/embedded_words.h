#pragma once

#include <string_view>
#include <vector>

namespace slipway::templates {

/// A file of words/, as embed_words.cmake builds it into the program.
struct EmbeddedWords {
  std::string_view name;  // without .md
  std::string_view text;
};

const std::vector<EmbeddedWords>& embedded_words();

}  // namespace slipway::templates
