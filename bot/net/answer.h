#pragma once

#include "bot/net/router.h"

#include <string_view>

namespace slipway::net {

/// The third of the three places where failures end: a Failure is 503 when Later, else 500 as a bug is. The
/// client learns a reference, the log the reason. Never throws what a handler throws.
Response answer(const Handler& handler, const Request& request);
/// An exception answers by the same rule, unless the handler has answered before.
void answer(const AsyncHandler& handler, Request request, const Reply& reply);

/// 500 with a reference under which `reason` is logged.
Response internal_error(std::string_view reason);
/// 404, or 405 with Allow.
Response not_found(const Router::Match& match);
Response unavailable(std::string text);

}  // namespace slipway::net
