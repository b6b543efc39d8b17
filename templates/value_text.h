#pragma once

#include "core/plan_value.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace slipway::templates {

inline constexpr std::string_view kUnknownText = "(known after apply)";
inline constexpr std::string_view kSensitiveText = "(sensitive)";

/// "text" with \", \\, \n, \r and \t; of a very long one the beginning, and how long it is.
std::string quoted(std::string_view text);
/// Two long strings, each around where they begin to differ.
struct QuotedPair {
  std::string before;
  std::string after;
};
QuotedPair quoted_around_difference(std::string_view before, std::string_view after);

/// An attribute's name as HCL would have it: quoted unless it is an identifier.
std::string name_text(std::string_view name);
/// Where a member or an element is, as replace_paths say it: "disk[0].size", `tags["a b"]`.
std::string member_path(std::string_view path, std::string_view name);
std::string element_path(std::string_view path, std::size_t index);

/// The value on one line, if it takes at most `most` columns and no string of it wants lines of its own.
std::optional<std::string> inline_value(const PlanValue& value, std::size_t most);
/// On one line in any case: what is too long is counted ("[12 elements]").
std::string brief_value(const PlanValue& value);

/// A string that holds a JSON object or list, as what it holds.
std::optional<PlanValue> held_json(const PlanValue& value);
/// A string of several lines.
bool has_lines(const PlanValue& value);

/// A sensitive part anywhere within.
bool holds_sensitive(const PlanValue& value);
/// Surely the same before and after: what is not known yet is not.
bool unchanged(const PlanValue& before, const PlanValue& after);

}  // namespace slipway::templates
