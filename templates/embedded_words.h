#pragma once

#include <string_view>
#include <vector>

namespace slipway::templates {

/// A text file, as embed_words.cmake builds it into the program.
struct EmbeddedWords {
  std::string_view name;
  std::string_view text;
};

/// words/, without ".md".
const std::vector<EmbeddedWords>& embedded_words();
/// pages/, by their file names.
const std::vector<EmbeddedWords>& embedded_pages();

}  // namespace slipway::templates
