#pragma once

#include "core/secret.h"
#include "core/settings.h"

#include <map>
#include <string>

namespace slipway::config {

/// {env: NAME} or {file: PATH}; a literal is refused. Throws SettingsError when it can't be had. Not
/// resolved: "".
Secret secret(const Settings& value, bool resolve);

/// NAME: literal, {env:} or {file:}. Names are checked: those the runner owns are refused.
std::map<std::string, Secret> environment(const Settings& value, bool resolve, bool common);

}  // namespace slipway::config
