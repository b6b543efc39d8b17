#include "core/json_reader.h"

#include <fmt/format.h>

#include <charconv>

namespace slipway {

JsonReader JsonReader::operator[](std::string_view key) const {
  std::string path;
  path.reserve(path_.size() + 1 + key.size());
  path.append(path_).append(path_.empty() ? "" : ".").append(key);
  if (value_ == nullptr || value_->is_null()) return {nullptr, std::move(path)};
  if (!value_->is_object()) mismatch("an object");
  return {value_->find(key), std::move(path)};
}

const Json& JsonReader::value() const {
  if (value_ == nullptr) throw JsonMismatch({"is missing", path_});
  return *value_;
}

void JsonReader::mismatch(std::string_view expected) const {
  if (value_ == nullptr) throw JsonMismatch({"is missing", path_});
  throw JsonMismatch({fmt::format("expected {}", expected), path_});
}

const std::string& JsonReader::string() const {
  if (!value().is_string()) mismatch("a string");
  return value_->string();
}

std::int64_t JsonReader::integer() const {
  if (!value().is_number()) mismatch("a whole number");
  const std::string& text = value_->number().text;
  std::int64_t out = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (error != std::errc() || end != text.data() + text.size()) mismatch("a whole number");
  return out;
}

bool JsonReader::boolean() const {
  if (!value().is_bool()) mismatch("true or false");
  return value_->boolean();
}

std::vector<JsonReader> JsonReader::items() const {
  if (!value().is_array()) mismatch("a list");
  std::vector<JsonReader> out;
  for (std::size_t i = 0; i < value_->size(); ++i)
    out.push_back(JsonReader(&value_->array_items()[i], fmt::format("{}[{}]", path_, i)));
  return out;
}

std::vector<std::pair<std::string, JsonReader>> JsonReader::members() const {
  if (!value().is_object()) mismatch("an object");
  std::vector<std::pair<std::string, JsonReader>> out;
  for (const auto& [name, member] : value_->object_members())
    out.emplace_back(name, JsonReader(&member, path_.empty() ? name : fmt::format("{}.{}", path_, name)));
  return out;
}

std::string JsonReader::string_or(std::string_view otherwise) const {
  return empty() ? std::string(otherwise) : string();
}

std::int64_t JsonReader::integer_or(std::int64_t otherwise) const { return empty() ? otherwise : integer(); }

bool JsonReader::boolean_or(bool otherwise) const { return empty() ? otherwise : boolean(); }

std::vector<JsonReader> JsonReader::items_or_none() const {
  return empty() ? std::vector<JsonReader>() : items();
}

std::vector<std::pair<std::string, JsonReader>> JsonReader::members_or_none() const {
  return empty() ? std::vector<std::pair<std::string, JsonReader>>() : members();
}

}  // namespace slipway
