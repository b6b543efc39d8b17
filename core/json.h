#pragma once

#include "core/result.h"

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace slipway {

/// How deep a document may nest. Deeper is refused, whatever its size: nothing we read needs more.
inline constexpr std::size_t kMaxJsonDepth = 256;

/// A JSON value. Numbers keep their text, so that Terraform's arbitrary precision survives. Objects are
/// sorted by key, so that `dump` is canonical. (nlohmann/json reads and writes it, inside json.cpp: including
/// it costs 3 to 5 s a file.)
class Json {
 public:
  struct Number {
    std::string text;
    bool operator==(const Number&) const = default;
  };
  using Array = std::vector<Json>;
  using Object = std::map<std::string, Json, std::less<>>;

  Json() = default;
  Json(std::nullptr_t) {}                                               // NOLINT(google-explicit-constructor)
  Json(bool value) : value_(value) {}                                   // NOLINT(google-explicit-constructor)
  Json(int value) : Json(static_cast<std::int64_t>(value)) {}           // NOLINT(google-explicit-constructor)
  Json(std::int64_t value) : value_(Number{std::to_string(value)}) {}   // NOLINT(google-explicit-constructor)
  Json(std::uint64_t value) : value_(Number{std::to_string(value)}) {}  // NOLINT(google-explicit-constructor)
  Json(Number value) : value_(std::move(value)) {}                      // NOLINT(google-explicit-constructor)
  Json(const char* value) : value_(std::string(value)) {}               // NOLINT(google-explicit-constructor)
  Json(std::string_view value) : value_(std::string(value)) {}          // NOLINT(google-explicit-constructor)
  Json(std::string value) : value_(std::move(value)) {}                 // NOLINT(google-explicit-constructor)
  Json(Array value) : value_(std::move(value)) {}                       // NOLINT(google-explicit-constructor)
  Json(Object value) : value_(std::move(value)) {}                      // NOLINT(google-explicit-constructor)
  /// Json::object({{"a", 1}, {"b", "two"}})
  static Json object(std::initializer_list<std::pair<const std::string, Json>> members = {});
  static Json array() { return Json(Array{}); }

  bool is_null() const { return std::holds_alternative<std::nullptr_t>(value_); }
  bool is_bool() const { return std::holds_alternative<bool>(value_); }
  bool is_number() const { return std::holds_alternative<Number>(value_); }
  bool is_string() const { return std::holds_alternative<std::string>(value_); }
  bool is_array() const { return std::holds_alternative<Array>(value_); }
  bool is_object() const { return std::holds_alternative<Object>(value_); }

  /// The value as what it is known to be (checked by an `is_…` before); JsonReader is for input of others.
  bool boolean() const { return std::get<bool>(value_); }
  const Number& number() const { return std::get<Number>(value_); }
  const std::string& string() const { return std::get<std::string>(value_); }
  const Array& array_items() const { return std::get<Array>(value_); }
  const Object& object_members() const { return std::get<Object>(value_); }
  Array& array_items() { return std::get<Array>(value_); }
  Object& object_members() { return std::get<Object>(value_); }

  /// Null becomes an object (or an array), as one builds a document.
  Json& operator[](std::string_view key);
  void push_back(Json item);
  /// nullptr when this is no object or has no such member.
  const Json* find(std::string_view key) const;
  /// Members of an object, items of an array, else 0.
  std::size_t size() const;

  bool operator==(const Json&) const = default;

  /// Compact and canonical: sorted keys, no spaces; bytes that are not UTF-8 become U+FFFD.
  std::string dump() const;
  /// For people: two spaces.
  std::string pretty() const;

 private:
  std::variant<std::nullptr_t, bool, Number, std::string, Array, Object> value_;
};

/// Whole documents. A duplicate key keeps its last value. Refuses what is not UTF-8, trailing text and too
/// deep nesting.
Result<Json> parse_json(std::string_view text);

/// What a streaming reader hears. A false answer ends the reading without an error.
class JsonEvents {
 public:
  virtual ~JsonEvents() = default;
  virtual bool null() = 0;
  virtual bool boolean(bool value) = 0;
  virtual bool number(std::string_view text) = 0;
  virtual bool string(std::string&& value) = 0;
  virtual bool key(std::string&& name) = 0;
  virtual bool begin_object() = 0;
  virtual bool end_object() = 0;
  virtual bool begin_array() = 0;
  virtual bool end_array() = 0;
};

/// Gives the next piece of a document; empty at its end.
using JsonSource = std::function<std::string_view()>;

/// Reads a document of any size in bounded memory.
Result<void> stream_json(const JsonSource& source, JsonEvents& events);
Result<void> stream_json(std::string_view text, JsonEvents& events);

/// Builds a Json from events, for one part of a stream at a time.
class JsonBuilder final : public JsonEvents {
 public:
  bool null() override { return add(nullptr); }
  bool boolean(bool value) override { return add(value); }
  bool number(std::string_view text) override { return add(Json::Number{std::string(text)}); }
  bool string(std::string&& value) override { return add(std::move(value)); }
  bool key(std::string&& name) override;
  bool begin_object() override;
  bool end_object() override;
  bool begin_array() override;
  bool end_array() override;

  /// The document is whole.
  bool done() const { return done_; }
  /// Hands it over and starts anew.
  Json take();

 private:
  bool add(Json value);
  Json* place(Json value);

  Json root_;
  bool done_ = false;
  std::vector<Json*> open_;
  std::vector<std::string> keys_;
};

}  // namespace slipway
