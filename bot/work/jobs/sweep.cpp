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

Outcome Sweep::perform(const Job&, const Claim&, std::stop_token) {
  clear_ended_runs();
  const Time now = tools_.clock.now();
  std::vector<std::string> shed;
  tools_.store.transact([&](store::Transaction& rows) {
    rows.inbox.forget(now - kDeliveryBodiesKept, now - kDeliveryIdsKept);
    rows.runs.forget_logs(now - kLogsKept);
    shed = rows.plans.shed_blobs(now - kPlansKept);
  });
  for (const std::string& blob : shed) tools_.store.blobs().drop(blob);
  if (!shed.empty()) log::info("old plans were shed", {{"blobs", std::to_string(shed.size())}});
  return give_up({}, {});
}

Outcome Sweep::give_up(const Job&, const std::string&) {
  Outcome outcome;
  const Time next = tools_.clock.now() + kSweepInterval;
  outcome.rows = [next](store::Transaction& rows) { rows.jobs.add(sweep_job(next)); };
  return outcome;
}

}  // namespace slipway::work
