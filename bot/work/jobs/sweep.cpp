#include "bot/work/jobs/sweep.h"

#include "core/log.h"

#include <filesystem>
#include <system_error>

namespace slipway::work {

NewJob sweep_job(Time due) {
  return {.kind = "sweep", .lane = "sweep", .priority = Priority::Refresh, .due = due, .key = "sweep"};
}

void Sweep::clear_ended_runs() {
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(tools_.config.data_dir + "/runs", error)) {
    const RunId run = entry.path().filename().string();
    bool ended = false;
    tools_.store.read([&](const store::Snapshot& rows) {
      const auto row = rows.runs.find(run);
      ended = row && row->ended;
    });
    if (ended) std::filesystem::remove_all(entry.path(), error);
  }
}

/// Round after round, each a transaction of bounded size, so that nobody waits long for the writer.
void Sweep::until_nothing_is_left(std::stop_token stop,
                                  FunctionRef<std::size_t(store::Transaction&)> forget) {
  std::size_t forgotten = 0;
  do {
    tools_.store.transact([&](store::Transaction& rows) { forgotten = forget(rows); });
  } while (forgotten > 0 && !stop.stop_requested());
}

void Sweep::shed_plans(Time before, std::stop_token stop) {
  std::size_t dropped = 0;
  store::Shed shed;
  do {
    tools_.store.transact([&](store::Transaction& rows) { shed = rows.plans.shed_blobs(before); });
    for (const std::string& blob : shed.blobs) tools_.store.blobs().drop(blob);
    dropped += shed.blobs.size();
  } while (shed.plans > 0 && !stop.stop_requested());
  if (dropped > 0) log::info("old plans were shed", {{"blobs", std::to_string(dropped)}});
}

Outcome Sweep::perform(const Job&, const Claim&, std::stop_token stop) {
  clear_ended_runs();
  const Time now = tools_.clock.now();
  until_nothing_is_left(stop, [now](store::Transaction& rows) {
    return rows.inbox.forget(now - kDeliveryBodiesKept, now - kDeliveryIdsKept);
  });
  until_nothing_is_left(stop,
                        [now](store::Transaction& rows) { return rows.runs.forget_logs(now - kLogsKept); });
  shed_plans(now - kPlansKept, stop);
  return give_up({}, {});
}

Outcome Sweep::give_up(const Job&, const std::string&) {
  Outcome outcome;
  const Time next = tools_.clock.now() + kSweepInterval;
  outcome.rows = [next](store::Transaction& rows) { rows.jobs.add(sweep_job(next)); };
  return outcome;
}

}  // namespace slipway::work
