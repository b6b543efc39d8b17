#pragma once

#include "core/clock.h"
#include "core/failure.h"
#include "core/http_client.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace slipway::vcs {

inline constexpr std::size_t kMaxForgeMessage = 600;  // bytes of the forge's own words in a Failure
/// A token that is refused is mended by a person: how soon to look whether that has happened.
inline constexpr std::chrono::seconds kRefusedTokenWait{60};

/// What GitHub said when it refused: "422 Validation Failed: Body is too long (maximum is 65536 characters)".
std::string told(const HttpResponse& response);

/// The failure that a refusal is: with the next step where a person must take one, and Retry::Later where
/// time helps.
struct Refused {
  const std::string& forge;  // its name in the config
  std::string_view key;      // what authorized the request there: token, or app
};
Failure refusal(const HttpResponse& response, const Refused& refused, Time now);

}  // namespace slipway::vcs
