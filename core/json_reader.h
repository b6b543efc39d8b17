#pragma once

#include "core/json.h"

#include <cstdint>
#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace slipway {

/// Thrown by JsonReader; `read_json` turns it into a ParseError. It never leaves a parser.
class JsonMismatch : public std::exception {
 public:
  explicit JsonMismatch(ParseError error) : error_(std::move(error)) {}
  const ParseError& error() const { return error_; }
  const char* what() const noexcept override { return error_.message.c_str(); }

 private:
  ParseError error_;
};

/// A place in somebody else's document: says what was expected where ("pull_request.number: expected a
/// number"). Cheap to copy; the document must outlive it.
class JsonReader {
 public:
  explicit JsonReader(const Json& document) : value_(&document) {}
  /// A part of a document that is read in parts; `path` is where it stands.
  JsonReader(const Json& part, std::string path) : value_(&part), path_(std::move(path)) {}

  /// A member that may be missing: `exists` is false then, and reading it is an error that names it.
  JsonReader operator[](std::string_view key) const;
  bool exists() const { return value_ != nullptr; }
  /// Missing or null.
  bool empty() const { return value_ == nullptr || value_->is_null(); }

  const Json& value() const;
  const std::string& string() const;
  std::int64_t integer() const;
  bool boolean() const;
  std::vector<JsonReader> items() const;
  std::vector<std::pair<std::string, JsonReader>> members() const;

  /// For what may be missing or null.
  std::string string_or(std::string_view otherwise) const;
  std::int64_t integer_or(std::int64_t otherwise) const;
  bool boolean_or(bool otherwise) const;
  std::vector<JsonReader> items_or_none() const;
  std::vector<std::pair<std::string, JsonReader>> members_or_none() const;

  const std::string& path() const { return path_; }
  [[noreturn]] void mismatch(std::string_view expected) const;

 private:
  JsonReader(const Json* value, std::string path) : value_(value), path_(std::move(path)) {}
  const Json* value_;
  std::string path_;
};

/// Reads a document that is already parsed with `read(JsonReader) → T`.
template <class Read>
auto read_value(const Json& document, Read&& read) -> Result<decltype(read(std::declval<JsonReader>()))> {
  try {
    return read(JsonReader(document));
  } catch (const JsonMismatch& mismatch) {
    return tl::unexpected(mismatch.error());
  }
}

/// Parses `text` and reads it with `read(JsonReader) → T`.
template <class Read>
auto read_json(std::string_view text, Read&& read) -> Result<decltype(read(std::declval<JsonReader>()))> {
  const auto document = parse_json(text);
  if (!document) return tl::unexpected(document.error());
  return read_value(*document, std::forward<Read>(read));
}

}  // namespace slipway
