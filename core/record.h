#pragma once

#include "core/clock.h"
#include "core/json.h"
#include "core/json_reader.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace slipway {

/// Stored records. A type's members are listed once, and both written and read by that list, so that neither
/// can forget one. A member that has its default value is not written; one that is missing keeps it: what an
/// older version wrote stays readable.
///
///     template <>
///     inline constexpr auto kMembers<Exporter> = std::tuple(member("port", &Exporter::port), …);
template <class Type>
inline constexpr auto kMembers = std::tuple<>();

/// The words of an enumeration, in its order, from 0.
template <class Enum>
inline constexpr auto kWords = std::array<std::string_view, 0>{};

template <class Type, class Value>
struct Member {
  std::string_view name;
  Value Type::* at;
};
template <class Type, class Value>
constexpr Member<Type, Value> member(std::string_view name, Value Type::* at) {
  return {name, at};
}

template <class Type>
concept Record = std::tuple_size_v<std::remove_const_t<decltype(kMembers<Type>)>> > 0;
template <class Type>
concept Worded = std::is_enum_v<Type> && (kWords<Type>.size() > 0);
template <class Type>
concept WritesItself = requires(const Type& value, const Json& json) {
  { value.to_json() } -> std::same_as<Json>;
  { Type::from_json(json) } -> std::same_as<Type>;
};

/// How many members an aggregate has: as many as it can be initialized with.
struct AnyMember {
  template <class Type>
  operator Type() const;  // NOLINT(google-explicit-constructor): that is its whole purpose
};
template <class Type, class... Found>
consteval std::size_t member_count() {
  if constexpr (requires { Type{Found{}..., AnyMember{}}; }) {
    return member_count<Type, Found..., AnyMember>();
  } else {
    return sizeof...(Found);
  }
}
template <class Type>
concept ListedWhole =
    std::tuple_size_v<std::remove_const_t<decltype(kMembers<Type>)>> == member_count<Type>();

template <Worded Type>
constexpr std::string_view word_of(Type value) {
  return kWords<Type>[static_cast<std::size_t>(value)];
}

inline Json write_record(bool value) { return value; }
template <std::integral Number>
Json write_record(Number value) {
  return Json::Number{std::to_string(value)};
}
inline Json write_record(const std::string& value) { return value; }
inline Json write_record(const Json& value) { return value; }
inline Json write_record(Time value) { return to_millis(value); }
Json write_record(const Worded auto& value) { return word_of(value); }
Json write_record(const WritesItself auto& value) { return value.to_json(); }
template <Record Type>
Json write_record(const Type& value);
template <class Value>
Json write_record(const std::optional<Value>& value);
template <class Value>
Json write_record(const std::vector<Value>& values);

/// These throw JsonMismatch, as JsonReader does; `record_from` does not.
inline void read_record(const JsonReader& in, bool& value) { value = in.boolean(); }
template <std::integral Number>
void read_record(const JsonReader& in, Number& value) {
  if (!std::in_range<Number>(in.integer())) in.mismatch("a number of another size");
  value = static_cast<Number>(in.integer());
}
inline void read_record(const JsonReader& in, std::string& value) { value = in.string(); }
inline void read_record(const JsonReader& in, Json& value) { value = in.value(); }
inline void read_record(const JsonReader& in, Time& value) { value = from_millis(in.integer()); }
template <Worded Type>
void read_record(const JsonReader& in, Type& value) {
  const auto found = std::find(kWords<Type>.begin(), kWords<Type>.end(), in.string());
  if (found == kWords<Type>.end()) in.mismatch("another word");
  value = static_cast<Type>(found - kWords<Type>.begin());
}
template <WritesItself Type>
void read_record(const JsonReader& in, Type& value) {
  value = Type::from_json(in.value());
}
template <Record Type>
void read_record(const JsonReader& in, Type& value);
template <class Value>
void read_record(const JsonReader& in, std::optional<Value>& value);
template <class Value>
void read_record(const JsonReader& in, std::vector<Value>& values);

template <Record Type>
Json write_record(const Type& value) {
  static_assert(ListedWhole<Type>, "a member is missing in kMembers: it would be forgotten");
  static const Type kDefaults{};
  Json::Object out;
  std::apply(
      [&](const auto&... listed) {
        const auto write_one = [&](const auto& one) {
          if (!(value.*one.at == kDefaults.*one.at)) out.emplace(one.name, write_record(value.*one.at));
        };
        (write_one(listed), ...);
      },
      kMembers<Type>);
  return out;
}

template <class Value>
Json write_record(const std::optional<Value>& value) {
  return value ? write_record(*value) : Json();
}

template <class Value>
Json write_record(const std::vector<Value>& values) {
  Json::Array out;
  out.reserve(values.size());
  for (const Value& value : values) out.push_back(write_record(value));
  return out;
}

template <Record Type>
void read_record(const JsonReader& in, Type& value) {
  value = Type{};
  std::apply(
      [&](const auto&... listed) {
        const auto read_one = [&](const auto& one) {
          if (const JsonReader at = in[one.name]; at.exists()) read_record(at, value.*one.at);
        };
        (read_one(listed), ...);
      },
      kMembers<Type>);
}

template <class Value>
void read_record(const JsonReader& in, std::optional<Value>& value) {
  value.reset();
  if (!in.empty()) read_record(in, value.emplace());
}

template <class Value>
void read_record(const JsonReader& in, std::vector<Value>& values) {
  values.clear();
  for (const JsonReader& item : in.items()) read_record(item, values.emplace_back());
}

template <class Type>
Type record_in(const JsonReader& in) {
  Type value;
  read_record(in, value);
  return value;
}

template <class Type>
Result<Type> record_from(const Json& json) {
  return read_value(json, [](const JsonReader& in) { return record_in<Type>(in); });
}

}  // namespace slipway
