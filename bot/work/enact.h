#pragma once

#include "bot/change/decide.h"
#include "core/clock.h"
#include "store/store.h"

#include <vector>

namespace slipway::work {

/// Writes a decision: the pull request, the changes, and every action as a row or a job.
void enact(store::Transaction& rows, const change::Decision& decision, Time now);

/// Runs that the decision wants ended; done after the commit, in this process.
std::vector<RunId> stopped_runs(const change::Decision& decision);

/// The first word about a pull request waits this long: a quick plan is then one comment with its result.
inline constexpr std::chrono::milliseconds kFirstWord{2'000};
/// Between edits of a comment that tell progress.
inline constexpr std::chrono::seconds kEditInterval{5};
/// The same while applying.
inline constexpr std::chrono::seconds kApplyEditInterval{60};
/// A state that moved makes plans stale; several moves are one.
inline constexpr std::chrono::seconds kStaleDebounce{3};
/// Pull requests that are planned again when a state moves under them: those that were active last. The plans
/// of the others are compared again when they are merged, as always.
inline constexpr std::size_t kMaxRefreshed = 20;

/// The key of the job that waits to plan a stale change again.
std::string stale_key(const ChangeId& change);

/// A merge queue's commit, and the number of the pull request that its branch is named after; 0: none.
NewJob group_job(const RepoId& repo, const std::string& base_branch, const QueueGroup& group,
                 std::int64_t number, Time now);

/// A look at a pull request.
NewJob look_job(const PullId& pull, change::Cause cause, Priority priority, Time now);

}  // namespace slipway::work
