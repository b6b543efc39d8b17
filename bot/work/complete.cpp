#include "bot/work/complete.h"

#include "bot/work/enact.h"
#include "bot/work/situation.h"

namespace slipway::work {
namespace {

/// Thrown inside the transaction, so that nothing of it stays.
struct LeaseLost {};

bool end(store::Transaction& rows, const Job& job, const Outcome& outcome, Time now) {
  if (outcome.again) return rows.jobs.retry(job, *outcome.again, {});
  return outcome.dead ? rows.jobs.bury(job, now, job.error) : rows.jobs.finish(job);
}

}  // namespace

bool complete(const Tools& tools, const Job& job, const Outcome& outcome) {
  std::vector<RunId> stopped;
  try {
    tools.store.transact([&](store::Transaction& rows) {
      const Time now = tools.clock.now();
      if (!end(rows, job, outcome, now)) throw LeaseLost{};
      if (outcome.rows) outcome.rows(rows);
      if (!outcome.event) return;
      const auto situation = load_situation(rows, tools.config, *outcome.subject, *outcome.event, now);
      const auto decision = change::decide(situation, *outcome.event, tools.random);
      enact(rows, decision, now);
      stopped = stopped_runs(decision);
    });
  } catch (const LeaseLost&) {
    return false;
  }
  for (const RunId& run : stopped) tools.running.stop(run);
  if (outcome.afterwards) outcome.afterwards();
  return true;
}

}  // namespace slipway::work
