#pragma once

#include "bot/work/tools.h"
#include "templates/message.h"

#include <optional>
#include <vector>

namespace slipway::work {

/// Bodies: with the plans' contents, for the comment and the page. Rows: without, for statuses.
enum class Detail { Rows, Bodies };

/// What can be said of a pull request now; nothing when it is not held. The marker is left empty.
std::optional<templates::PullReport> build_report(const Tools& tools, const PullId& pull, Detail detail);

/// Plans that a report shows: these count as shown once the forge has accepted it. Not one that it says will
/// be made again.
std::vector<PlanId> plans_shown(const templates::PullReport& report);

}  // namespace slipway::work
