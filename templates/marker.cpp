#include "core/crypto.h"
#include "templates/render.h"

#include <fmt/format.h>

#include <string_view>

namespace slipway::templates {
namespace {

constexpr std::size_t kMacDigits = 32;  // 128 bits
constexpr std::string_view kVersion = "slipway:v1";

/// Only what can neither end a comment nor be read as two words.
std::string as_word(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool letter_or_digit = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (letter_or_digit || std::string_view("_.-/#").find(c) != std::string_view::npos) {
      out += c;
    } else {
      out += fmt::format("%{:02x}", static_cast<unsigned char>(c));
    }
  }
  return out;
}

std::string before_mac(const Marker& marker) {
  return fmt::format("<!-- {} pr={} slot={} mac=", kVersion,
                     as_word(fmt::format("{}#{}", marker.pull.repo.path, marker.pull.number)),
                     as_word(marker.slot));
}

/// The version in it keeps this key's other uses apart from markers; the forge's name, two forges with one
/// repository.
std::string mac(const Marker& marker, const Secret& key) {
  const std::string bound = fmt::format("{}\n{}\n{}", kVersion, to_string(marker.pull), marker.slot);
  return to_hex(hmac_sha256(key.reveal(), bound)).substr(0, kMacDigits);
}

}  // namespace

std::string marker_start(const Marker& marker, const Secret& key) {
  return before_mac(marker) + mac(marker, key);
}

std::string marker_line(const Marker& marker, const Sha& head, const Secret& key) {
  return fmt::format("{} head={} -->", marker_start(marker, key), as_word(head));
}

bool is_ours(std::string_view body, const Marker& marker, const Secret& key) {
  const std::string start = before_mac(marker);
  if (!body.starts_with(start)) return false;
  body.remove_prefix(start.size());
  return equal_in_constant_time(body.substr(0, kMacDigits), mac(marker, key)) &&
         body.substr(kMacDigits).starts_with(" head=");
}

}  // namespace slipway::templates
