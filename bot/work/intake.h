#pragma once

#include "bot/work/tools.h"

#include <string>

namespace slipway::work {

/// Turns a delivery into jobs. What it says is a hint: the jobs look at the forge. The answer is a sentence
/// for the delivery's page.
std::string hear(const Tools& tools, store::Transaction& rows, const store::Delivery& delivery);

/// A comment that may be a command becomes a job, once by its id.
bool take_comment(const Tools& tools, store::Transaction& rows, const PullId& pull, const Comment& comment);

}  // namespace slipway::work
