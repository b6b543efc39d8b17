#pragma once

#include <string_view>

namespace slipway {

/// Is this one JSON document in UTF-8, not nested beyond reason? Nothing of it is kept: the webhook route
/// asks this of every delivery before it says that it has it, and reading it for real would cost ten times as
/// much. Any thread.
bool well_formed_json(std::string_view text);

}  // namespace slipway
