#pragma once

#include "vcs/host.h"

#include <string_view>
#include <vector>

namespace slipway::vcs {

/// The kind of that name in a forge's section; nullptr when there is none.
const HostKind* find_host_kind(std::string_view kind);

}  // namespace slipway::vcs
