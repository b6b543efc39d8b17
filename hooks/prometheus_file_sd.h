#pragma once

#include "hooks/hook.h"

#include <memory>

namespace slipway::hooks {

/// Writes what prometheus_targets.h says as one file per state into `directory`, for a `file_sd_configs`
/// entry with files: [DIRECTORY/*.json]. Only files that begin with "slipway-" are its own, and all of these
/// are: the directory is for one server. A file is replaced whole and only when its content changes; states
/// without targets have none.
void check_prometheus_file_sd(const Settings& settings);
std::unique_ptr<Hook> make_prometheus_file_sd(const Settings& settings, const HookTools& tools);

}  // namespace slipway::hooks
