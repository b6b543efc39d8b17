#include "bot/net/target.h"

#include <cstdint>

namespace slipway::net {
namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// The length of the character that begins here, 0 when it is not UTF-8 (overlong forms and surrogates are
/// not).
std::size_t utf8_length(std::string_view text) {
  const auto byte = [&](std::size_t at) { return static_cast<std::uint8_t>(text[at]); };
  const std::uint8_t lead = byte(0);
  if (lead < 0x80) return 1;
  const std::size_t length = lead >= 0xC2 && lead <= 0xDF   ? 2
                             : lead >= 0xE0 && lead <= 0xEF ? 3
                             : lead >= 0xF0 && lead <= 0xF4 ? 4
                                                            : 0;
  if (length == 0 || text.size() < length) return 0;
  for (std::size_t at = 1; at < length; ++at)
    if ((byte(at) & 0xC0) != 0x80) return 0;
  const std::uint8_t second = byte(1);
  const bool is_bad = (lead == 0xE0 && second < 0xA0) || (lead == 0xED && second > 0x9F) ||
                      (lead == 0xF0 && second < 0x90) || (lead == 0xF4 && second > 0x8F);
  return is_bad ? 0 : length;
}

bool is_clean_text(std::string_view text) {
  while (!text.empty()) {
    const auto lead = static_cast<std::uint8_t>(text.front());
    if (lead < 0x20 || lead == 0x7F) return false;
    const std::size_t length = utf8_length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

bool has_dot_segment(std::string_view path) {
  while (!path.empty()) {
    path.remove_prefix(1);  // the slash
    const std::string_view segment = path.substr(0, path.find('/'));
    if (segment == "." || segment == "..") return true;
    path.remove_prefix(segment.size());
  }
  return false;
}

/// Proxies send "http://host/path"; the host is not our concern.
std::string_view without_origin(std::string_view text) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!text.starts_with(scheme)) continue;
    const std::size_t end = text.find_first_of("/?#", scheme.size());
    return end == std::string_view::npos ? "/" : text.substr(end);
  }
  return text;
}

Result<void> parse_query(std::string_view text, Target& target) {
  while (!text.empty()) {
    const std::string_view pair = text.substr(0, text.find('&'));
    text.remove_prefix(std::min(pair.size() + 1, text.size()));
    if (pair.empty()) continue;
    const std::size_t equals = pair.find('=');
    auto name = percent_decode(pair.substr(0, equals), true);
    auto value = percent_decode(equals == std::string_view::npos ? "" : pair.substr(equals + 1), true);
    if (!name || !value) return refuse("the query has a broken escape: % takes two hex digits");
    if (!is_clean_text(*name) || !is_clean_text(*value))
      return refuse("the query has control characters or is not UTF-8");
    target.query.emplace(std::move(*name), std::move(*value));
  }
  return {};
}

}  // namespace

std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '+' && plus_is_space) {
      decoded += ' ';
    } else if (text[at] != '%') {
      decoded += text[at];
    } else {
      if (at + 2 >= text.size()) return {};
      const int high = hex_digit(text[at + 1]);
      const int low = hex_digit(text[at + 2]);
      if (high < 0 || low < 0) return {};
      decoded += static_cast<char>(high * 16 + low);
      at += 2;
    }
  }
  return decoded;
}

Result<Target> parse_target(std::string_view text) {
  text = without_origin(text);
  text = text.substr(0, text.find('#'));
  if (!text.starts_with('/')) return refuse("the path must begin with /");
  const std::size_t question = text.find('?');
  Target target;
  target.raw_path = text.substr(0, question);
  auto path = percent_decode(target.raw_path);
  if (!path) return refuse("the path has a broken escape: % takes two hex digits");
  if (!is_clean_text(*path)) return refuse("the path has control characters or is not UTF-8");
  if (has_dot_segment(*path)) return refuse("the path has . or .. as a segment");
  target.path = std::move(*path);
  if (question != std::string_view::npos) {
    if (auto parsed = parse_query(text.substr(question + 1), target); !parsed)
      return tl::unexpected(parsed.error());
  }
  return target;
}

}  // namespace slipway::net
