#pragma once

#include "core/json.h"

#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace slipway {

/// A value of a plan, with what Terraform says of it folded in: parts not known before the apply, and parts
/// that are sensitive. A sensitive part holds no value, only a keyed hash of it (two are equal if their
/// values are).
class PlanValue {
 public:
  struct Unknown {
    bool operator==(const Unknown&) const = default;
  };
  struct Sensitive {
    std::string tag;  // HMAC-SHA256, 16 hex digits; empty when the value itself is unknown
    bool operator==(const Sensitive&) const = default;
  };
  using List = std::vector<PlanValue>;
  using Map = std::map<std::string, PlanValue, std::less<>>;
  using Value = std::variant<std::nullptr_t, bool, Json::Number, std::string, List, Map, Unknown, Sensitive>;

  PlanValue() = default;
  PlanValue(Value value) : value_(std::move(value)) {}  // NOLINT(google-explicit-constructor)

  const Value& value() const { return value_; }
  bool is_null() const { return std::holds_alternative<std::nullptr_t>(value_); }
  bool is_unknown() const { return std::holds_alternative<Unknown>(value_); }
  bool is_sensitive() const { return std::holds_alternative<Sensitive>(value_); }
  const List* list() const { return std::get_if<List>(&value_); }
  const Map* map() const { return std::get_if<Map>(&value_); }
  const std::string* string() const { return std::get_if<std::string>(&value_); }

  bool operator==(const PlanValue&) const = default;

  /// Loss-free, for our own storage: unknown is {"$unknown":true}, sensitive {"$sensitive":"tag"}; a map of
  /// the plan with a key that begins with "$" gets one more "$" before it.
  Json to_json() const;
  static PlanValue from_json(const Json& json);
  /// For rules and mappings: unknown and sensitive parts are null.
  Json known() const;
  /// A plain JSON value, nothing unknown or sensitive in it.
  static PlanValue plain(const Json& json);

 private:
  Value value_;
};

}  // namespace slipway
