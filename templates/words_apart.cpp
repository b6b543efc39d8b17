#include "templates/words_apart.h"

#include "templates/characters.h"

#include <algorithm>

namespace slipway::templates {
namespace {

constexpr std::string_view kBefore = "(\"'";
constexpr std::string_view kAfter = ".,;:?!)\"'%";
constexpr std::size_t kShortestCommit = 7;  // hex digits that forges take for a commit

bool digit(char c) { return c >= '0' && c <= '9'; }
bool letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool hex(char c) { return digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
bool space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool ascii(char c) { return static_cast<unsigned char>(c) < 0x80; }

/// TICKET-12 and GH-12 are links in many repositories.
bool reference(std::string_view core) {
  const auto dash = core.rfind('-');
  if (dash == std::string_view::npos || dash + 1 == core.size()) return false;
  return std::all_of(core.begin() + static_cast<std::ptrdiff_t>(dash) + 1, core.end(), digit);
}

bool plain(std::string_view core) {
  if (core.empty()) return true;
  if (ascii(core.front()) && !digit(core.front()) && !letter(core.front())) return false;
  if (core.size() >= kShortestCommit && std::all_of(core.begin(), core.end(), hex)) return false;
  if (visible(core) != core) return false;
  for (std::size_t i = 0; i < core.size(); ++i) {
    const char c = core[i];
    if (!ascii(c) || digit(c) || letter(c)) continue;
    const bool between_digits = i > 0 && i + 1 < core.size() && digit(core[i - 1]) && digit(core[i + 1]);
    const bool inside = i + 1 < core.size() && (c == '\'' || c == '-');
    if (!inside && !((c == '.' || c == ',') && between_digits)) return false;
  }
  return !reference(core);
}

bool sign_between_words(std::string_view word) {
  return word == "-" || word == "=" || word == "+" || word == "&";
}

void part(std::string_view word, std::vector<WordPiece>& out) {
  using Kind = WordPiece::Kind;
  if (sign_between_words(word)) {
    out.push_back({Kind::Punctuation, word});
    return;
  }
  std::size_t begin = 0;
  while (begin < word.size() && kBefore.find(word[begin]) != std::string_view::npos) ++begin;
  std::size_t end = word.size();
  while (end > begin && kAfter.find(word[end - 1]) != std::string_view::npos) --end;
  const auto core = word.substr(begin, end - begin);
  if (begin > 0) out.push_back({Kind::Punctuation, word.substr(0, begin)});
  if (!core.empty()) out.push_back({plain(core) ? Kind::Plain : Kind::Risky, core});
  if (end < word.size()) out.push_back({Kind::Punctuation, word.substr(end)});
}

}  // namespace

std::vector<WordPiece> words_apart(std::string_view text) {
  std::vector<WordPiece> out;
  while (!text.empty()) {
    const bool blank = space(text.front());
    const auto end = std::find_if(text.begin(), text.end(), [&](char c) { return space(c) != blank; });
    const auto length = static_cast<std::size_t>(end - text.begin());
    if (blank) {
      out.push_back({WordPiece::Kind::Space, text.substr(0, length)});
    } else {
      part(text.substr(0, length), out);
    }
    text.remove_prefix(length);
  }
  return out;
}

}  // namespace slipway::templates
