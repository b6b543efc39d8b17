#pragma once

#include "core/json.h"
#include "core/sandbox.h"

namespace slipway::runner {

/// A sandboxed command as the server hands it to a keeper. Credentials are in it: it goes by stdin only.
Json to_json(const SandboxCommand& command);
/// Throws JsonMismatch.
SandboxCommand command_from_json(const Json& json);

}  // namespace slipway::runner
