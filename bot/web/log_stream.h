#pragma once

#include "bot/net/router.h"
#include "bot/work/tools.h"

#include <string>

namespace slipway::web {

/// A run's log as server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html): each
/// message is a JSON string of text, its id the part's number; the event "end" closes it.
net::Response stream_log(const work::Tools& tools, const RunId& run);

/// All of it.
std::string whole_log(const work::Tools& tools, const RunId& run);

}  // namespace slipway::web
