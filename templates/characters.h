#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace slipway::templates {

/// One code point of a text and the bytes that it takes; a byte that is not UTF-8 stands for itself, invalid.
struct Character {
  char32_t value = 0;
  std::size_t bytes = 1;
  bool valid = true;
};
/// The one at the beginning of `text`, which is not empty.
Character first_character(std::string_view text);

/// Shows what would otherwise act or hide: control characters, bidirectional overrides and invisible
/// characters as
/// \u{…}, bytes that are not UTF-8 as \x{…}. Tabs stay in `Tabs::Kept`; newlines never do: a line is a line.
enum class Tabs { Kept, Shown };
std::string visible(std::string_view text, Tabs tabs = Tabs::Shown);

/// Of well-formed text, as our printers make it.
std::size_t code_points(std::string_view text);
/// Columns in a terminal: wide characters and emoji take two, combining ones none.
std::size_t columns(std::string_view text);

/// The first `most` code points and "…"; unchanged when it is not longer.
std::string shortened(std::string_view text, std::size_t most);

/// 5,000
std::string grouped(std::size_t number);
/// "1 destroy", "2 destroys"
std::string counted(std::size_t number, std::string_view one, std::string_view many);

}  // namespace slipway::templates
