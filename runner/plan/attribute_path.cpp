#include "runner/plan/attribute_path.h"

#include <fmt/format.h>

#include <algorithm>

namespace slipway::runner {
namespace {

bool is_identifier(std::string_view name) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  return !name.empty() && !digit(name[0]) &&
         std::all_of(name.begin(), name.end(), [&](char c) { return letter(c) || digit(c) || c == '-'; });
}

void add_member(std::string& text, const std::string& name) {
  if (!is_identifier(name))
    text += fmt::format("[{}]", Json(name).dump());
  else
    text += text.empty() ? name : "." + name;
}

}  // namespace

std::string to_text(const AttributePath& path) {
  std::string text;
  for (const AttributeStep& step : path) {
    if (const auto* name = std::get_if<std::string>(&step))
      add_member(text, *name);
    else
      text += fmt::format("[{}]", std::get<std::size_t>(step));
  }
  return text;
}

std::string path_text(const Json& path) {
  if (!path.is_array()) return path.is_string() ? path.string() : path.dump();
  std::string text;
  for (const Json& step : path.array_items()) {
    if (step.is_string())
      add_member(text, step.string());
    else
      text += fmt::format("[{}]", step.dump());
  }
  return text;
}

std::string without_indexes(std::string_view address) {
  std::string out;
  for (std::size_t at = 0; at < address.size();) {
    if (address[at] != '[') {
      out += address[at++];
      continue;
    }
    bool quoted = false;
    for (++at; at < address.size() && (quoted || address[at] != ']'); ++at) {
      if (address[at] == '"') quoted = !quoted;
      if (address[at] == '\\') ++at;
    }
    ++at;
  }
  return out;
}

std::vector<std::string> address_words(std::string_view address) {
  const std::string bare = without_indexes(address);
  std::vector<std::string> words;
  for (std::size_t at = 0; at <= bare.size();) {
    const std::size_t dot = std::min(bare.find('.', at), bare.size());
    words.push_back(bare.substr(at, dot - at));
    at = dot + 1;
  }
  return words;
}

}  // namespace slipway::runner
