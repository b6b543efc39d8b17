#pragma once

#include "bot/change/rules.h"
#include "core/change.h"
#include "core/held_pull.h"

#include <string>
#include <vector>

namespace slipway::change {

/// `requirements:` of the config that an open pull request does not meet, a sentence each: "approved: no
/// review …". What the forge can't tell counts as not met.
std::vector<std::string> unmet(const Rules& rules, const HeldPull& held);

/// Why a merge asks although its plan holds: the first requirement that was not met when it was merged.
/// Empty: none, or somebody entitled has confirmed since.
std::string merged_without(const Rules& rules, const HeldPull& held, const phase::Trigger& trigger);

}  // namespace slipway::change
