#include "vcs/text.h"

#include <algorithm>

namespace slipway::vcs {
namespace {

constexpr std::string_view kEllipsis = "…";

bool continues(char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

/// Length of the character at the front; 0 when these bytes are no UTF-8.
std::size_t character(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text.front());
  const std::size_t size = lead < 0x80             ? 1
                           : (lead & 0xe0) == 0xc0 ? 2
                           : (lead & 0xf0) == 0xe0 ? 3
                           : (lead & 0xf8) == 0xf0 ? 4
                                                   : 0;
  if (size == 0 || size > text.size()) return 0;
  return std::all_of(text.begin() + 1, text.begin() + static_cast<std::ptrdiff_t>(size), continues) ? size
                                                                                                    : 0;
}

bool blank(char c) { return static_cast<unsigned char>(c) <= 0x20 || c == 0x7f; }

}  // namespace

std::string one_line(std::string_view text, std::size_t max_bytes) {
  std::string out;
  std::size_t fits = 0;  // how much of `out` may stay when an ellipsis follows
  while (!text.empty()) {
    const std::size_t size = character(text);
    std::string_view piece = text.substr(0, std::max<std::size_t>(size, 1));
    text.remove_prefix(piece.size());
    if (size == 0) piece = "\uFFFD";
    if (size == 1 && blank(piece.front())) {
      if (out.empty() || out.back() == ' ') continue;
      piece = " ";
    }
    if (out.size() + piece.size() > max_bytes) return out.substr(0, fits).append(kEllipsis);
    out += piece;
    if (out.size() + kEllipsis.size() <= max_bytes) fits = out.size();
  }
  if (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

std::string at_most(std::string_view text, std::size_t max) {
  std::size_t count = 0;
  std::size_t cut = 0;  // where the last character that may stay before an ellipsis ends
  for (std::size_t at = 0; at < text.size();) {
    if (count + 1 == max) cut = at;
    if (++count > max) return std::string(text.substr(0, cut)).append(kEllipsis);
    at += std::max<std::size_t>(character(text.substr(at)), 1);
  }
  return std::string(text);
}

}  // namespace slipway::vcs
