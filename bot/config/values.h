#pragma once

#include "core/secret.h"
#include "core/settings.h"

#include <fmt/format.h>

#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace slipway::config {

/// {env: NAME} or {file: PATH}; a literal is refused. Throws SettingsError when it can't be had. Not
/// resolved: "".
Secret secret(const Settings& value, bool resolve);

/// NAME: literal, {env:} or {file:}. Names are checked: those the runner owns are refused.
std::map<std::string, Secret> environment(const Settings& value, bool resolve, bool common);

/// What a word of the file stands for. Throws SettingsError with the words that there are.
template <class T>
T one_of(const Settings& value, std::initializer_list<std::pair<std::string_view, T>> choices) {
  std::vector<std::string_view> names;
  for (const auto& [name, choice] : choices) {
    if (value.scalar() == name) return choice;
    names.push_back(name);
  }
  value.refuse(fmt::format("\"{}\" is not one of: {}", value.scalar(), fmt::join(names, ", ")));
}

}  // namespace slipway::config
