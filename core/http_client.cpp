#include "core/http_client.h"

#include <algorithm>

namespace slipway {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

}  // namespace

std::string_view HttpResponse::header(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (key.size() == name.size() &&
        std::equal(key.begin(), key.end(), name.begin(), [](char a, char b) { return lower(a) == lower(b); }))
      return value;
  }
  return {};
}

}  // namespace slipway
