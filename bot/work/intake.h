#pragma once

#include "bot/change/event.h"
#include "bot/work/tools.h"

#include <optional>
#include <string>

namespace slipway::work {

/// What a delivery says. It looks at no row.
vcs::Heard hear(const Tools& tools, const store::Delivery& delivery);

/// Turns it into jobs. It is a hint: the jobs look at the forge. The answer is a sentence for the delivery's
/// page.
std::string take_up(const Tools& tools, store::Transaction& rows, const vcs::Heard& heard);

/// The push whose plan this command names, if it does.
std::optional<HeldPull> push_to_confirm(const store::Snapshot& rows, const RepoId& repo,
                                        const change::Call& call);

/// A comment that may be a command becomes a job, once by its id.
bool take_comment(const Tools& tools, store::Transaction& rows, const PullId& pull, const Comment& comment);

}  // namespace slipway::work
