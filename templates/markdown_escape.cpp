#include "templates/markdown_escape.h"

#include "templates/characters.h"
#include "templates/words_apart.h"

#include <fmt/format.h>

#include <algorithm>

namespace slipway::templates {
namespace {

/// Parts a forge's "@" from a name without showing anything.
constexpr std::string_view kZeroWidthSpace = "\u200b";
/// No code span can be empty, and a gap in a sentence would not be seen.
constexpr std::string_view kEmpty = "(empty)";
constexpr std::size_t kLongestLogin = 100;

bool letter_or_digit(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool ascii(char c) { return static_cast<unsigned char>(c) < 0x80; }

template <class Punctuation, class Risky>
std::string escape_pieces(std::string_view text, Punctuation&& punctuation, Risky&& risky) {
  std::string out;
  for (const WordPiece& piece : words_apart(text)) {
    switch (piece.kind) {
      case WordPiece::Kind::Space:
        out += ' ';
        break;
      case WordPiece::Kind::Plain:
        out += piece.text;
        break;
      case WordPiece::Kind::Punctuation:
        out += punctuation(piece.text);
        break;
      case WordPiece::Kind::Risky:
        out += risky(piece.text);
        break;
    }
  }
  return out;
}

}  // namespace

std::string escape_words(std::string_view text) {
  std::string out;
  for (const char c : visible(text)) {
    if (std::string_view("\\`*_{}[]<>~|&!").find(c) != std::string_view::npos) out += '\\';
    out += c;
    if (c == '@') out += kZeroWidthSpace;
  }
  return out;
}

std::string escape_said(std::string_view text) { return escape_pieces(text, escape_words, code_span); }

std::string escape_said_in_cell(std::string_view text) {
  return escape_pieces(text, escape_words, code_cell);
}

std::string code_span(std::string_view text) {
  const std::string shown = visible(text);
  if (shown.empty()) return std::string(kEmpty);
  const std::string ticks(longest_backtick_run(shown) + 1, '`');
  const bool blank = shown.find_first_not_of(' ') == std::string::npos;
  // One space at both ends is taken off again: it parts backticks, and saves spaces of the text's own.
  const bool edges =
      shown.front() == '`' || shown.back() == '`' || (shown.front() == ' ' && shown.back() == ' ');
  const std::string_view pad = edges && !blank ? " " : "";
  return fmt::format("{}{}{}{}{}", ticks, pad, shown, pad, ticks);
}

std::string code_cell(std::string_view text) {
  return text.find('|') == std::string_view::npos ? code_span(text) : html_code(text);
}

std::string html_entities(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string escape_html_words(std::string_view text) {
  std::string out;
  for (const char c : html_entities(visible(text))) {
    out += c;
    if (c == '@') out += kZeroWidthSpace;
  }
  return out;
}

std::string escape_html_said(std::string_view text) { return escape_pieces(text, html_entities, html_code); }

std::string html_code(std::string_view text) {
  if (text.empty()) return std::string(kEmpty);
  std::string out = "<code>";
  for (const char c : visible(text)) {
    if (!ascii(c) || letter_or_digit(c) || c == ' ' || c == '-' || c == '/' || c == '.') {
      out += c;
    } else {
      out += fmt::format("&#{};", static_cast<int>(c));
    }
  }
  return out + "</code>";
}

std::string link_destination(std::string_view url) {
  if (!url.starts_with("http://") && !url.starts_with("https://")) return {};
  std::string out;
  for (const char c : url) {
    if (letter_or_digit(c) ||
        (ascii(c) && std::string_view("-._~:/?#@!$&*+,;=%").find(c) != std::string_view::npos)) {
      out += c;
    } else {
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return out;
}

std::string mention(std::string_view login) {
  if (login.starts_with('@')) login.remove_prefix(1);
  const bool fits = !login.empty() && login.size() <= kLongestLogin && letter_or_digit(login.front()) &&
                    std::all_of(login.begin(), login.end(), [](char c) {
                      return letter_or_digit(c) || c == '-' || c == '_' || c == '.' || c == '/';
                    });
  return fits ? "@" + std::string(login) : code_span(login);
}

std::size_t longest_backtick_run(std::string_view text) {
  std::size_t longest = 0;
  std::size_t run = 0;
  for (const char c : text) {
    run = c == '`' ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  return longest;
}

std::string fence_for(std::size_t longest_run) {
  return std::string(std::max<std::size_t>(3, longest_run + 1), '`');
}

}  // namespace slipway::templates
