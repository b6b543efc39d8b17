#pragma once

#include "bot/work/step.h"

namespace slipway::work {

/// Ends a job in one transaction: checks the fence, decides what follows from the outcome, writes all of it.
/// False when the lease was lost: then nothing was written, and somebody else does the job.
bool complete(const Tools& tools, const Job& job, const Outcome& outcome);

}  // namespace slipway::work
