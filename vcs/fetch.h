#pragma once

#include "core/children.h"
#include "vcs/fetch_request.h"
#include "vcs/repository.h"

#include <stop_token>

namespace slipway::vcs {

/// What a fetch's process may map: the windows on packs, the index of a large one, and libgit2 itself.
inline constexpr std::uint64_t kFetchMemory = 6ull << 30;

/// Has a child fetch, since libgit2 1.5 waits for a silent server for ever. Throws Failure: Never when a
/// person must do something (the token, an authority, a limit), Later when the network may come back;
/// Stopped.
void fetch(Children& children, const FetchRequest& request, std::chrono::seconds time, std::stop_token stop);

}  // namespace slipway::vcs
