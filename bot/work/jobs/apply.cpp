#include "bot/work/jobs/apply.h"

#include "bot/change/gate.h"
#include "bot/work/complete.h"
#include "bot/work/enact.h"
#include "bot/work/jobs/converge.h"
#include "bot/work/left_lock.h"
#include "bot/work/payload.h"
#include "bot/work/record_state.h"
#include "bot/work/run_log.h"
#include "bot/work/situation.h"
#include "bot/work/vault.h"
#include "bot/work/withholding.h"
#include "templates/characters.h"

#include <fmt/format.h>

#include <filesystem>

namespace slipway::work {
namespace {

constexpr std::chrono::seconds kProgressInterval{5};

struct ApplyJob {
  ChangeId change;
  RunId run;
  PlanId plan;
  std::string actor;

  explicit ApplyJob(const Job& job) {
    const JsonReader in(job.payload);
    change = read_change(in["change"]);
    run = in["run"].string();
    plan = in["plan"].string();
    actor = in["actor"].string();
  }
};

Maker maker_of(const ApplyJob& asked, const Change& change, const std::string& title) {
  return {asked.run, asked.actor, fmt::format("{} {}", short_name(change.id.pull), title), change.id.pull,
          change.head};
}

/// Progress is a decision too, but a small one: it moves the row and asks for an edit.
void tell_progress(const Tools& tools, const ApplyJob& asked, std::size_t done, std::size_t total) {
  tools.store.transact([&](store::Transaction& rows) {
    const Time now = tools.clock.now();
    const change::Event event = change::event::ApplyProgress{asked.change, asked.run, done, total};
    const auto situation = load_situation(rows, tools.config, asked.change.pull, event, now);
    enact(rows, change::decide(situation, event, tools.random), now);
  });
}

/// Monitoring loses the machines that an apply destroys when it starts, and has those again that survived it.
void tell_monitoring(const Tools& tools, store::Transaction& rows, const PlanId& plan) {
  const auto record = rows.plans.find(plan);
  if (!record || record->destroys.empty()) return;
  for (const NewJob& job : converge_jobs(tools)) rows.jobs.add(job);
}

/// A failure that another try may pass, as long as nothing began.
bool may_pass(const runner::RunFailed& failed) { return failed.state_locked || failed.phase == "init"; }

/// Kept in any case, whatever becomes of it.
UnwrittenState keep_unwritten(const Tools& tools, const std::string& errored_state, std::string lock) {
  if (errored_state.empty()) return {};
  return {keep_blob(tools, kErroredStatePurpose, errored_state), std::move(lock), false, {}};
}

}  // namespace

Outcome ApplyStep::perform(const Job& job, const Claim& claim, std::stop_token stop) {
  const ApplyJob asked(job);
  std::optional<Change> change;
  std::optional<PlanRecord> record;
  std::string title;
  bool known_state = false;
  bool withheld = false;
  const StateKey key = change::state_key(asked.change);
  tools_.store.read([&](const store::Snapshot& rows) {
    change = rows.changes.find(asked.change);
    record = rows.plans.find(asked.plan);
    known_state = rows.states.latest(key).has_value();
    withheld = Withholding(rows, tools_.config, tools_.clock.now()).of(asked.change).has_value();
    if (const auto pull = rows.pulls.find(asked.change.pull)) title = pull->pull.title;
  });
  const auto* applying = change ? std::get_if<phase::Applying>(&change->state) : nullptr;
  if (applying == nullptr || applying->run != asked.run || !record) return Outcome::nothing();
  const ApprovedPlan approved = change::Gate::approved(*change, *record);
  // Its directory tells that it has begun: that goes on, whatever is frozen since.
  if (withheld && !std::filesystem::exists(tools_.run_directory(asked.run)))
    return Outcome::of(asked.change.pull, change::event::ApplyHeldBack{asked.change, asked.run});
  tools_.store.transact([&](store::Transaction& rows) { tell_monitoring(tools_, rows, asked.plan); });

  StoredLog log(tools_, {asked.run, asked.change, "apply", change->head, asked.actor, {}, {}, {}, {}});
  Time told = tools_.clock.now();
  log.on_progress = [&](std::size_t done, std::size_t total) {
    if (done != total && tools_.clock.now() - told < kProgressInterval) return;
    told = tools_.clock.now();
    tell_progress(tools_, asked, done, total);
  };
  const Place place = prepare_place(tools_, *change, asked.run, Phase::Apply, job.fence, stop);
  runner::ApplyRequest request{place.run, place.settings, place.run.directory + "/plan.tfplan",
                               place.run.directory + "/materials"};
  // A second attempt finds the files of the first, which a keeper may be reading.
  if (!std::filesystem::exists(request.materials)) {
    open_to_file(tools_, kPlanPurpose, record->plan_file, request.plan_file);
    open_to_file(tools_, kMaterialsPurpose, record->materials, request.materials);
  }
  if (!known_state && record->inputs.state.serial > 0 && job.attempts == 1)
    record_baseline(tools_, key,
                    tools_.terraform.pull_state(place.run, place.settings, request.materials, stop), stop);

  const LockProof proof = claim.hold(key);
  const auto ended = tools_.terraform.apply(approved, proof, request, log, stop);
  const Maker maker = maker_of(asked, *change, title);
  Outcome outcome;
  std::function<void(store::Transaction&)> end;
  StateRecord states;
  if (const auto* done = std::get_if<runner::ApplyDone>(&ended)) {
    states = record_state(tools_, key, done->state, maker, stop);
    outcome = Outcome::of(asked.change.pull, change::event::Applied{asked.change, asked.run, states.serial,
                                                                    states.hooks.size()});
    end = log.end("ok", templates::counted(done->resources, "resource", "resources") + " applied");
  } else if (const auto* failure = std::get_if<runner::ApplyFailure>(&ended)) {
    states = record_state(tools_, key, failure->state, maker, stop);
    const runner::RunFailed& failed = failure->failed;
    if (failed.state_locked && is_left_by_the_dead(tools_, key, failed.lock))
      release_left_lock(tools_, {request.place, request.settings, request.materials}, proof, failed.lock, log,
                        stop);
    outcome =
        Outcome::of(asked.change.pull,
                    change::event::ApplyFailed{
                        asked.change, asked.run, words_of(failed), failed.diagnostics, failure->done,
                        failure->total, failure->began, failed.stale_plan, may_pass(failed),
                        keep_unwritten(tools_, failure->errored_state, failure->held_lock), failed.lock});
    end = log.end("failed", words_of(failed));
  } else {
    const auto& lost = std::get<runner::ApplyLost>(ended);
    states = record_state(tools_, key, lost.state, maker, stop);
    outcome = Outcome::of(asked.change.pull, change::event::ApplyLost{
                                                 asked.change, asked.run, record->inputs.state, states.serial,
                                                 lost.began, keep_unwritten(tools_, lost.errored_state, {})});
    end = log.end("lost", "the apply's keeper died");
  }
  outcome.rows = [end, states, plan = asked.plan, &tools = tools_](store::Transaction& rows) {
    end(rows);
    write(rows, states);
    tell_monitoring(tools, rows, plan);
  };
  // Not before the commit: the directory is what tells a second attempt that the apply has been.
  outcome.afterwards = [run = place.run] { clear_place(run); };
  return outcome;
}

Outcome ApplyStep::give_up(const Job& job, const std::string& why) {
  const ApplyJob asked(job);
  Outcome outcome =
      Outcome::of(asked.change.pull,
                  change::event::ApplyFailed{asked.change, asked.run, why, {}, 0, 0, false, false, false});
  const Time now = tools_.clock.now();
  // One that runs on by itself shall be able to write what it does.
  const bool dead = !tools_.terraform.lives({asked.run, tools_.run_directory(asked.run), {}, {}});
  outcome.rows = [=, &tools = tools_](store::Transaction& rows) {
    tell_monitoring(tools, rows, asked.plan);
    if (rows.runs.find(asked.run)) rows.runs.end(asked.run, now, "failed", why);
    if (dead) take_back(rows, asked.run, change::state_key(asked.change));
  };
  return outcome;
}

}  // namespace slipway::work
