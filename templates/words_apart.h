#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace slipway::templates {

/// A piece of somebody's sentence.
struct WordPiece {
  enum class Kind {
    Space,
    Plain,        // letters and digits: means nothing to any forge
    Punctuation,  // around a word; to be escaped
    Risky,        // could be drawn, linked or mentioned: shown as code
  } kind = Kind::Plain;
  std::string_view text;
};

/// Parts a sentence so that addresses, paths, links, mentions, references and commit ids stand alone, without
/// the parentheses, quotes and full stops around them. Forges look for such words in the drawn text, where no
/// escape helps; as code they are left alone.
std::vector<WordPiece> words_apart(std::string_view text);

}  // namespace slipway::templates
