#include "state/address.h"

#include <string_view>

namespace slipway::state {
namespace {

/// As HCL quotes a string: what would begin a template is doubled.
std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    switch (c) {
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      default:
        out += c;
        if ((c == '$' || c == '%') && i + 1 < text.size() && text[i + 1] == '{') out += c;
    }
  }
  return out + '"';
}

}  // namespace

std::string address_of(const InstancePlace& place) {
  std::string out = place.module;
  if (!out.empty()) out += '.';
  if (place.data_source) out += "data.";
  out += place.type + '.' + place.name;
  if (place.index.is_number()) out += '[' + place.index.number().text + ']';
  if (place.index.is_string()) out += '[' + quoted(place.index.string()) + ']';
  return out;
}

}  // namespace slipway::state
