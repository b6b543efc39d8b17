#include "bot/work/jobs/converge.h"

#include "bot/work/claim.h"
#include "bot/work/estate.h"
#include "core/failure.h"
#include "core/json_reader.h"
#include "core/log.h"

#include <algorithm>

namespace slipway::work {

std::vector<NewJob> converge_jobs(const Tools& tools) {
  std::vector<NewJob> jobs;
  for (const NamedHook& named : tools.hooks) {
    const std::string lane = named.hook->converge_lane();
    if (lane.empty()) continue;
    jobs.push_back({.kind = "converge",
                    .lane = sink_lane(named.name, lane),
                    .payload = Json::object({{"sink", named.name}}),
                    .due = tools.clock.now(),
                    .key = "converge"});
  }
  return jobs;
}

Outcome Converge::perform(const Job& job, const Claim&, std::stop_token stop) {
  const std::string sink = JsonReader(job.payload)["sink"].string();
  const auto named = std::find_if(tools_.hooks.begin(), tools_.hooks.end(),
                                  [&](const NamedHook& hook) { return hook.name == sink; });
  if (named == tools_.hooks.end()) return Outcome::nothing();  // not in the config any more
  hooks::Estate estate;
  tools_.store.read([&](const store::Snapshot& rows) { estate = estate_for(*named->hook, rows); });
  try {
    named->hook->converge(estate, stop);
    note(sink, {});
  } catch (const Failure& failure) {
    // The reconciler comes by again soon, and a page full of dead jobs would tell nobody more.
    note(sink, failure.what());
  }
  return Outcome::nothing();
}

void Converge::note(const std::string& sink, const std::string& failure) {
  const std::string before =
      failures_.with([&](auto& failures) { return std::exchange(failures[sink], failure); });
  if (failure == before) return;
  if (failure.empty()) {
    log::info("a hook's sink can be made equal to the recorded states again", {{"hook", sink}});
  } else {
    log::warning("a hook's sink can't be made equal to the recorded states",
                 {{"hook", sink}, {"error", failure}});
  }
}

}  // namespace slipway::work
