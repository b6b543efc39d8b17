#pragma once

#include "core/ids.h"

#include <string>
#include <string_view>
#include <vector>

namespace slipway::simulation {

/// The rendered comment read as a person reads it, from its text alone.

/// "sticky", or the key of a short comment; empty when it is none of the bot's.
std::string slot_of(std::string_view body);
/// Plans that it shows: "plan `7f3a9e` good until …", and those it asks to confirm.
std::vector<PlanId> plans_named(std::string_view body);
/// What it says happens next to the project of this directory: its cell in the table, or, of a comment on one
/// project, the heading and the sentence in bold.
std::string next_of(std::string_view body, std::string_view dir);
/// Heading and closing sentence, for the trace.
std::string gist(std::string_view body);

}  // namespace slipway::simulation
