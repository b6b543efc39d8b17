#include "tests/simulation/invariants.h"

#include "tests/simulation/entitled.h"

#include <algorithm>
#include <set>

namespace slipway::simulation {
namespace {

using Kept = SimulatedTerraform::Kept;

/// The repository's only two projects have a directory each, so it names their state.
std::string lane_of_state(const std::string& dir) {
  return "state:" + StateKey{{"github", std::string(kTestRepo)}, {dir, "default", {}}}.text();
}

// --- after every commit ---------------------------------------------------------------------------------

void one_job_of_a_lane_runs(Scene& scene) {
  std::set<std::string> lanes;
  for (const auto& [id, job] : scene.rows.jobs)
    if (job.running && !lanes.insert(job.lane).second)
      scene.violate("I1: a lane's jobs run one at a time", fmt::format("two jobs run in {}", job.lane));
}

/// Whoever ended a job, or put it back, held its lease: anybody else came back from the dead.
void only_the_holder_ends_a_job(Scene& scene) {
  for (const JobRow& before : scene.jobs_ended()) {
    if (before.holder != scene.writer)
      scene.violate("I5: only the holder of a lease ends its job",
                    fmt::format("{} {} was held by {} and ended by {}", before.kind, before.payload,
                                before.holder, scene.writer));
  }
}

bool has_job(const Scene& scene, std::string_view kind, const std::string& words) {
  return std::any_of(scene.rows.jobs.begin(), scene.rows.jobs.end(), [&](const auto& entry) {
    return entry.second.kind == kind && entry.second.payload.find(words) != std::string::npos;
  });
}

/// It was asked to be applied and is not through.
bool asked_for(const ChangeState& state) {
  return std::holds_alternative<phase::Verifying>(state) ||
         std::holds_alternative<phase::Replanning>(state) || std::holds_alternative<phase::Applying>(state) ||
         std::holds_alternative<phase::Queued>(state) ||
         std::holds_alternative<phase::AwaitingConfirm>(state) ||
         std::holds_alternative<phase::ApplyFailed>(state) ||
         std::holds_alternative<phase::Interrupted>(state);
}

/// What moves a change on; empty: it stands.
std::string missing_mover(const Scene& scene, const Change& change) {
  const auto run_of = [](const RunId& run) { return fmt::format("\"run\":\"{}\"", run); };
  if (const auto* planning = std::get_if<phase::Planning>(&change.state))
    return has_job(scene, "plan", run_of(planning->run)) ? "" : "a plan";
  if (const auto* again = std::get_if<phase::Replanning>(&change.state))
    return has_job(scene, "plan", run_of(again->run)) ? "" : "a plan";
  if (const auto* applying = std::get_if<phase::Applying>(&change.state))
    return has_job(scene, "apply", run_of(applying->run)) ? "" : "an apply";
  if (std::holds_alternative<phase::Verifying>(change.state)) {
    const std::string lane = lane_of_state(change.id.project.dir);
    const bool there = std::any_of(scene.rows.jobs.begin(), scene.rows.jobs.end(), [&](const auto& entry) {
      return entry.second.kind == "verify" && entry.second.lane == lane;
    });
    return there ? "" : "a look at what a plan would be made from";
  }
  if (const auto* onboarding = std::get_if<phase::Onboarding>(&change.state))
    return has_job(scene, "hook", run_of(onboarding->applied.run)) ? "" : "a hook";
  if (const auto* joined = std::get_if<phase::Joined>(&change.state)) {
    const auto lead = scene.rows.changes.find(to_string(joined->lead));
    return lead != scene.rows.changes.end() && asked_for(lead->second.state) ? ""
                                                                             : "the merge that it joined";
  }
  if (std::holds_alternative<phase::Queued>(change.state)) {
    const bool ahead =
        std::any_of(scene.rows.changes.begin(), scene.rows.changes.end(), [&](const auto& entry) {
          const ChangeState& state = entry.second.state;
          return entry.second.id.project.dir == change.id.project.dir &&
                 (std::holds_alternative<phase::Verifying>(state) ||
                  std::holds_alternative<phase::Replanning>(state) ||
                  std::holds_alternative<phase::Applying>(state));
        });
    // What is frozen until a person ends it needs nothing; any other freeze ends by a job.
    const bool held = scene.frozen_for_good(change.id.project.dir) || has_job(scene, "freezes", "") ||
                      has_job(scene, "advance", fmt::format("\"dir\":\"{}\"", change.id.project.dir));
    return ahead || held ? "" : "somebody ahead in the queue";
  }
  return {};
}

/// A state that is not at rest has the job that moves it on, written in the same transaction: a crash between
/// the two would leave it waiting for nobody.
void what_moves_has_a_mover(Scene& scene) {
  for (const auto& [name, change] : scene.rows.changes) {
    const std::string missing = missing_mover(scene, change);
    if (!missing.empty())
      scene.violate("I3: a transition and what follows from it are one",
                    fmt::format("{} is {} and there is no job for {}", name, name_of(change.state), missing));
  }
}

/// Credentials that may write a state belong to an apply that the gate let through, and die with it.
void write_credentials_belong_to_an_apply(Scene& scene) {
  for (const auto& row : scene.database.rows("SELECT run FROM grants WHERE may_write = 1")) {
    const bool applying =
        std::any_of(scene.rows.changes.begin(), scene.rows.changes.end(), [&](const auto& entry) {
          const auto* state = std::get_if<phase::Applying>(&entry.second.state);
          return state != nullptr && state->run == row[0];
        });
    if (!applying)
      scene.violate("I6: credentials are handed out after the gate",
                    fmt::format("run {} may write, and is no apply that goes on", row[0]));
  }
}

void first_sight_takes_the_baseline(Scene& scene) {
  if (!scene.model.baseline) {
    const auto seen = scene.database.rows("SELECT baseline FROM repos WHERE branch = 'main'");
    if (!seen.empty()) scene.model.baseline = seen.front().front();
  }
  for (const auto& [name, change] : scene.rows.changes) {
    if (is_push(change.id.pull)) continue;
    if (scene.model.pulls.at(change.id.pull.number).known_before_first_sight)
      scene.violate("first sight changes nothing",
                    fmt::format("{} was merged before and is {} now", name, name_of(change.state)));
  }
}

/// Planning runs the author's code: of an outsider only what a person with write access let in, as it was
/// when they did.
void outsiders_are_let_in(Scene& scene) {
  for (const auto& [name, change] : scene.rows.changes) {
    const auto* planning = std::get_if<phase::Planning>(&change.state);
    const std::int64_t number = change.id.pull.number;
    if (planning == nullptr || is_push(change.id.pull) || scene.model.pulls.at(number).author != "mallory")
      continue;
    if (scene.model.merge_of(number) != nullptr) continue;
    const auto& commands = scene.model.commands;
    const bool let_in = std::any_of(commands.begin(), commands.end(), [&](const Model::Command& command) {
      return command.pull == number && command.text == "slipway plan" && is_writer(command.who) &&
             command.head == change.head;
    });
    if (!let_in)
      scene.violate("an outsider's commit is planned after somebody let it in",
                    fmt::format("{} at {} was let in by nobody", name, short_sha(change.head)));
  }
}

}  // namespace

void check_rows(Scene& scene) {
  one_job_of_a_lane_runs(scene);
  only_the_holder_ends_a_job(scene);
  what_moves_has_a_mover(scene);
  write_credentials_belong_to_an_apply(scene);
  first_sight_takes_the_baseline(scene);
  outsiders_are_let_in(scene);
}

void check_apply_begins(Scene& scene, const Kept& kept, const LockProof& lock) {
  const auto holds = [&](const auto& entry) {
    const JobRow& job = entry.second;
    return job.running && job.lane == lane_of_state(kept.dir) && job.fence == lock.fence();
  };
  if (!std::any_of(scene.rows.jobs.begin(), scene.rows.jobs.end(), holds)) {
    // Whoever comes back from the dead may try; Terraform's lock and the serial in the plan stop it.
    scene.trace.tell("  (by somebody whose lease was lost)");
    scene.late.insert(kept.run);
    return;
  }
  if (scene.frozen_before(kept.dir, lock.fence()))
    scene.violate("no apply begins in a freeze", fmt::format("run {} began in {}", kept.run, kept.dir));
  for (const Kept& other : scene.outside.terraform.keepers) {
    if (other.dir == kept.dir && &other != &kept && other.stage != Kept::Stage::Ended &&
        !scene.late.contains(other.run))
      scene.violate("I1: one apply of a state at a time",
                    fmt::format("run {} began in {} while run {} goes on", kept.run, kept.dir, other.run));
  }
  const auto applying =
      std::find_if(scene.rows.changes.begin(), scene.rows.changes.end(), [&](const auto& entry) {
        const auto* state = std::get_if<phase::Applying>(&entry.second.state);
        return state != nullptr && state->run == kept.run;
      });
  if (applying == scene.rows.changes.end()) {
    scene.violate("I2: what is applied passed the gate", "run " + kept.run + " belongs to no change");
    return;
  }
  const std::string why = Entitlement(scene, applying->second, kept.plan).why_not();
  if (!why.empty())
    scene.violate("I2: what is applied passed the gate",
                  fmt::format("plan {} of {}: {}", kept.plan, applying->first, why));
}

void check_applies(Scene& scene) {
  std::map<PlanId, RunId> wrote;
  for (const Kept& kept : scene.outside.terraform.keepers) {
    if (!kept.wrote) continue;
    const auto [first, is_new] = wrote.emplace(kept.plan, kept.run);
    if (!is_new)
      scene.violate(
          "each plan is applied at most once",
          fmt::format("plan {} was applied by the runs {} and {}", kept.plan, first->second, kept.run));
  }
  for (const auto& [run, times] : scene.outside.terraform.applies)
    if (times > 1)
      scene.violate("each apply runs at most once", fmt::format("run {} ran {} times", run, times));
}

}  // namespace slipway::simulation
