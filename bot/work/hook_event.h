#pragma once

#include "core/json.h"
#include "core/json_reader.h"
#include "hooks/hook.h"

namespace slipway::work {

/// A hook's event in a job's payload.
Json write(const hooks::HookEvent& event);
hooks::HookEvent read_hook_event(const JsonReader& in);

}  // namespace slipway::work
