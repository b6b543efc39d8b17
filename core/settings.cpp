#include "core/settings.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <numeric>

namespace slipway {
namespace {

constexpr std::size_t kMaxSuggestionDistance = 3;
constexpr std::size_t kMaxDurationDigits = 9;

/// 0 when it is no unit of time.
std::int64_t seconds_in(char unit) {
  switch (unit) {
    case 's':
      return 1;
    case 'm':
      return 60;
    case 'h':
      return 3'600;
    case 'd':
      return 86'400;
    default:
      return 0;
  }
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), 0);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replace = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, replace});
    }
  }
  return row[b.size()];
}

}  // namespace

void Settings::refuse(std::string_view what) const {
  throw SettingsError(fmt::format("{}: {}", place_, what));
}

const std::string& Settings::scalar() const {
  if (!is_scalar()) refuse("expected one value here, not a list or a map");
  return std::get<std::string>(value_);
}

const Settings::List& Settings::list() const {
  if (!is_list()) refuse("expected a list here: write [a, b] or lines that begin with \"- \"");
  return std::get<List>(value_);
}

const Settings::Map& Settings::map() const {
  if (!is_map()) refuse("expected \"key: value\" lines here");
  return std::get<Map>(value_);
}

const Settings* Settings::find(std::string_view key) const {
  for (const auto& [name, value] : map())
    if (name == key) return value.is_null() ? nullptr : &value;
  return nullptr;
}

const Settings& Settings::at(std::string_view key) const {
  if (const Settings* value = find(key)) return *value;
  refuse(fmt::format("\"{}\" is missing", key));
}

std::string Settings::string_or(std::string_view key, std::string_view otherwise) const {
  const Settings* value = find(key);
  return value != nullptr ? value->scalar() : std::string(otherwise);
}

std::int64_t Settings::integer_or(std::string_view key, std::int64_t otherwise) const {
  const Settings* value = find(key);
  if (value == nullptr) return otherwise;
  const std::string& text = value->scalar();
  std::int64_t out = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (error != std::errc() || end != text.data() + text.size())
    value->refuse(fmt::format("\"{}\" expects a whole number, not \"{}\"", key, text));
  return out;
}

bool Settings::boolean_or(std::string_view key, bool otherwise) const {
  const Settings* value = find(key);
  if (value == nullptr) return otherwise;
  if (value->scalar() == "true") return true;
  if (value->scalar() == "false") return false;
  value->refuse(fmt::format("\"{}\" expects true or false, not \"{}\"", key, value->scalar()));
}

std::chrono::seconds Settings::duration() const {
  std::string_view rest = scalar();
  std::chrono::seconds total{0};
  do {
    const std::size_t digits = std::min(rest.find_first_not_of("0123456789"), rest.size());
    const bool readable = digits > 0 && digits <= kMaxDurationDigits && digits < rest.size();
    const std::int64_t unit = readable ? seconds_in(rest[digits]) : 0;
    if (unit == 0) {
      refuse(fmt::format("\"{}\" is no length of time; write it like 90s, 5m, 24h or 1h30m", scalar()));
    }
    std::int64_t number = 0;
    for (const char digit : rest.substr(0, digits)) number = number * 10 + (digit - '0');
    total += std::chrono::seconds(number * unit);
    rest.remove_prefix(digits + 1);
  } while (!rest.empty());
  return total;
}

std::vector<std::string> Settings::strings_or_none(std::string_view key) const {
  const Settings* value = find(key);
  if (value == nullptr) return {};
  if (value->is_scalar()) return {value->scalar()};
  std::vector<std::string> out;
  for (const Settings& item : value->list()) out.push_back(item.scalar());
  return out;
}

void Settings::only(std::initializer_list<std::string_view> known) const {
  for (const auto& [name, value] : map()) {
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    const auto suggestion = closest(name, known);
    value.refuse(suggestion
                     ? fmt::format("unknown key \"{}\"; did you mean \"{}\"?", name, *suggestion)
                     : fmt::format("unknown key \"{}\"; known here: {}", name, fmt::join(known, ", ")));
  }
}

std::optional<std::string> closest(std::string_view word, const std::vector<std::string_view>& known) {
  const auto nearest =
      std::min_element(known.begin(), known.end(), [&](std::string_view a, std::string_view b) {
        return edit_distance(word, a) < edit_distance(word, b);
      });
  if (nearest == known.end()) return {};
  const std::size_t distance = edit_distance(word, *nearest);
  if (distance > kMaxSuggestionDistance || distance >= nearest->size()) return {};
  return std::string(*nearest);
}

}  // namespace slipway
