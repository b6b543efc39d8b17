#pragma once

#include "core/result.h"

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace slipway {

/// A configuration as a tree of scalars, lists and maps, each with the line it stands on: what registrations
/// read, so that no sibling needs YAML. Getters throw SettingsError ("slipway.yaml:12: …, and what to write
/// instead").
class SettingsError : public std::exception {
 public:
  explicit SettingsError(std::string text) : text_(std::move(text)) {}
  const char* what() const noexcept override { return text_.c_str(); }

 private:
  std::string text_;
};

class Settings {
 public:
  using List = std::vector<Settings>;
  using Map = std::vector<std::pair<std::string, Settings>>;  // in the order of the file

  Settings() = default;
  Settings(std::variant<std::monostate, std::string, List, Map> value, std::string place)
      : value_(std::move(value)), place_(std::move(place)) {}

  bool is_null() const { return std::holds_alternative<std::monostate>(value_); }
  bool is_scalar() const { return std::holds_alternative<std::string>(value_); }
  bool is_list() const { return std::holds_alternative<List>(value_); }
  bool is_map() const { return std::holds_alternative<Map>(value_); }
  const std::string& place() const { return place_; }  // FILE:LINE

  const std::string& scalar() const;
  const List& list() const;
  const Map& map() const;

  /// nullptr when missing or null.
  const Settings* find(std::string_view key) const;
  /// Missing is an error that names the key.
  const Settings& at(std::string_view key) const;
  std::string string(std::string_view key) const { return at(key).scalar(); }
  std::string string_or(std::string_view key, std::string_view otherwise) const;
  std::int64_t integer_or(std::string_view key, std::int64_t otherwise) const;
  bool boolean_or(std::string_view key, bool otherwise) const;
  /// This scalar as a time: "90s", "5m", "24h", "1h30m", "7d".
  std::chrono::seconds duration() const;
  /// A scalar counts as a list of one.
  std::vector<std::string> strings_or_none(std::string_view key) const;

  /// A member that is not in `known` is an error with a suggestion ("did you mean …?").
  void only(std::initializer_list<std::string_view> known) const;
  [[noreturn]] void refuse(std::string_view what) const;

 private:
  std::variant<std::monostate, std::string, List, Map> value_;
  std::string place_;
};

/// The closest of `known` by edit distance, if it is close.
std::optional<std::string> closest(std::string_view word, const std::vector<std::string_view>& known);

}  // namespace slipway
