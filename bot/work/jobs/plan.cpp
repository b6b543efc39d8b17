#include "bot/work/jobs/plan.h"

#include "bot/work/judge.h"
#include "bot/work/payload.h"
#include "bot/work/place.h"
#include "core/failure.h"
#include "templates/counts.h"

namespace slipway::work {
namespace {

struct PlanJob {
  ChangeId change;
  RunId run;
  std::vector<std::string> flags;
  std::string actor;

  explicit PlanJob(const Job& job) {
    const JsonReader in(job.payload);
    change = read_change(in["change"]);
    run = in["run"].string();
    for (const JsonReader& flag : in["flags"].items()) flags.push_back(flag.string());
    actor = in["actor"].string();
  }
};

}  // namespace

Outcome PlanStep::perform(const Job& job, const Claim&, std::stop_token stop) {
  const PlanJob asked(job);
  std::optional<Change> change;
  std::optional<HeldPull> held;
  tools_.store.read([&](const store::Snapshot& rows) {
    change = rows.changes.find(asked.change);
    held = rows.pulls.find(asked.change.pull);
  });
  if (!change || !held || change->merge_tree.empty()) return Outcome::nothing();
  const config::RepoConfig config =
      usable(config_of(tools_, held->pull, change->base), held->pull.base_branch);

  const Running::Entry running(tools_.running, asked.run, stop);
  StoredLog log(tools_, {asked.run, asked.change, "plan", change->head, asked.actor, {}, {}, {}, {}});
  // What an attempt that was cut left behind is not to be trusted.
  if (job.attempts > 1) clear_place({asked.run, tools_.run_directory(asked.run), {}, {}});
  const Place place = prepare_place(tools_, *change, asked.run, Phase::Plan, job.fence, running.token());
  const auto made = tools_.terraform.plan({place.run, place.settings, terraform_flags(*change, asked.flags),
                                           tools_.keyring.derive("sensitive values")},
                                          log, running.token());

  Outcome outcome;
  if (const auto* good = std::get_if<runner::PlanMade>(&made)) {
    PlanRecord record = keep_plan(tools_, config, *change, place, *good, asked.flags, running.token());
    outcome = Outcome::of(asked.change.pull, change::event::Planned{asked.change, record});
    outcome.rows = log.end("ok", templates::to_do(record.counts));
  } else if (const auto* failed = std::get_if<runner::RunFailed>(&made)) {
    outcome = Outcome::of(asked.change.pull, change::event::PlanFailed{asked.change, asked.run,
                                                                       failed->summary, failed->diagnostics});
    outcome.rows = log.end("failed", failed->summary);
  } else {
    if (!running.superseded()) throw Stopped();  // a shutdown: the next process plans it
    outcome.rows = log.end("stopped", "superseded by a newer plan");
  }
  outcome.afterwards = [run = place.run] { clear_place(run); };
  return outcome;
}

Outcome PlanStep::give_up(const Job& job, const std::string& why) {
  const PlanJob asked(job);
  Outcome outcome =
      Outcome::of(asked.change.pull, change::event::PlanFailed{asked.change, asked.run, why, {}});
  const Time now = tools_.clock.now();
  outcome.rows = [=](store::Transaction& rows) {
    if (rows.runs.find(asked.run)) rows.runs.end(asked.run, now, "failed", why);
    rows.states.revoke(asked.run);
  };
  return outcome;
}

}  // namespace slipway::work
