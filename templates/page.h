#pragma once

#include "core/json.h"

#include <string>
#include <string_view>

namespace slipway::templates {

/// A whole page: pages/NAME.html (Mustache, https://mustache.github.io/mustache.5.html) with `data`, inside
/// of pages/frame.html. `{{x}}` is escaped; `{{{x}}}` takes what another printer has escaped already. The
/// title is data's "title".
std::string page(std::string_view name, const Json& data);

/// style.css, live.js: served as they are.
std::string_view asset(std::string_view name);

}  // namespace slipway::templates
