#include "bot/work/jobs/rescue.h"

#include "bot/change/gate.h"
#include "bot/work/left_lock.h"
#include "bot/work/payload.h"
#include "bot/work/record_state.h"
#include "bot/work/run_log.h"
#include "bot/work/vault.h"
#include "core/failure.h"

#include <fmt/format.h>

#include <limits>

namespace slipway::work {
namespace {

/// A lock that somebody holds for a moment is waited for; then a person is told who holds it.
constexpr std::int64_t kTriesOfLocked = 4;

/// A change with what one of its plans left, which is how its state is reached.
struct Reached {
  std::optional<Change> change;
  std::string title;  // of the pull request
  std::string materials;

  Reached(const Tools& tools, const ChangeId& id) {
    tools.store.read([&](const store::Snapshot& rows) {
      change = rows.changes.find(id);
      if (const auto pull = rows.pulls.find(id.pull)) title = pull->pull.title;
      for (const PlanRecord& plan : rows.plans.of_change(id))
        if (materials.empty()) materials = plan.materials;
    });
    if (!change || materials.empty())
      throw Failure(fmt::format("no plan of {} is kept: its state can't be reached", to_string(id)));
  }
};

runner::StateRequest request_of(const Tools& tools, const Reached& reached, Place place) {
  runner::StateRequest request{place.run, std::move(place.settings), place.run.directory + "/materials"};
  open_to_file(tools, kMaterialsPurpose, reached.materials, request.materials);
  return request;
}

struct PushJob {
  ChangeId change;
  RunId run;
  std::string blob;

  explicit PushJob(const Job& job) {
    const JsonReader in(job.payload);
    change = read_change(in["change"]);
    run = in["run"].string();
    blob = in["blob"].string();
  }
  change::event::StatePushed ended(std::string refusal) const { return {change, blob, std::move(refusal)}; }
};

struct UnlockJob {
  ChangeId change;
  RunId run;
  change::LockOrder order;

  explicit UnlockJob(const Job& job) {
    const JsonReader in(job.payload);
    change = read_change(in["change"]);
    run = in["run"].string();
    order = {in["lock"].string(), in["by"].string(), in["comment"].integer()};
  }
};

store::RunRow row_of(const RunId& run, const Change& change, std::string kind, std::string actor) {
  return {run, change.id, std::move(kind), change.head, std::move(actor), {}, {}, {}, {}};
}

/// As `row_of` began it, when its job is given up.
std::function<void(store::Transaction&)> ended(const Tools& tools, const RunId& run, const StateKey& key,
                                               const std::string& why) {
  return [=, now = tools.clock.now()](store::Transaction& rows) {
    if (rows.runs.find(run)) rows.runs.end(run, now, "failed", why);
    take_back(rows, run, key);
  };
}

/// The apply that left the state may have left its lock too: it has ended, so nobody else gives it back.
bool may_release(const Tools& tools, const LockProof& proof, const UnwrittenState& left,
                 const LockHolder& lock) {
  const bool its_own = !left.lock.empty() && lock.id == left.lock;
  return its_own || is_left_by_the_dead(tools, proof.key(), lock);
}

runner::PushOutcome push(const Tools& tools, const runner::StateRequest& request, const LockProof& proof,
                         const UnwrittenState& left, runner::RunLog& log, std::stop_token stop) {
  const std::string state = open_blob(tools, kErroredStatePurpose, left.blob);
  auto pushed = tools.terraform.push_state(request, proof, state, log, stop);
  const auto* failed = std::get_if<runner::RunFailed>(&pushed);
  if (failed == nullptr || !failed->state_locked || !may_release(tools, proof, left, failed->lock))
    return pushed;
  if (!release_left_lock(tools, request, proof, failed->lock, log, stop))
    throw Failure("the lock that the apply left can't be released yet", Retry::Later);
  return tools.terraform.push_state(request, proof, state, log, stop);
}

std::int64_t tries(const runner::RunFailed& failed) {
  return failed.state_locked ? kTriesOfLocked : std::numeric_limits<std::int64_t>::max();
}

}  // namespace

Outcome PushState::perform(const Job& job, const Claim& claim, std::stop_token stop) {
  const PushJob asked(job);
  const Reached reached(tools_, asked.change);
  const Change& change = *reached.change;
  const UnwrittenState* left = unwritten_of(change.state);
  if (left == nullptr || left->blob != asked.blob || left->written) return Outcome::nothing();
  const StateKey key = change::state_key(asked.change);
  StoredLog log(tools_, row_of(asked.run, change, "push", {}));
  const Place place = prepare_place(tools_, change, asked.run, Phase::Apply, job.fence, stop);
  const auto request = request_of(tools_, reached, place);
  const LockProof proof = claim.hold(key);
  const auto pushed = push(tools_, request, proof, *left, log, stop);
  if (const auto* failed = std::get_if<runner::RunFailed>(&pushed))
    throw Failure(words_of(*failed), job.attempts < tries(*failed) ? Retry::Later : Retry::Never);

  Outcome outcome;
  std::function<void(store::Transaction&)> end;
  StateRecord record;
  if (const auto* done = std::get_if<runner::StatePushed>(&pushed)) {
    const Maker maker{asked.run,
                      {},
                      fmt::format("{} {}", short_name(change.id.pull), reached.title),
                      change.id.pull,
                      change.head};
    record = record_state(tools_, key, done->state, maker, stop);
    outcome = Outcome::of(asked.change.pull, asked.ended({}));
    end = log.end("ok", "the state was pushed back");
  } else {
    const std::string& why = std::get<runner::PushRefused>(pushed).why;
    outcome = Outcome::of(asked.change.pull, asked.ended(why));
    end = log.end("failed", why);
  }
  outcome.rows = [end, record](store::Transaction& rows) {
    end(rows);
    write(rows, record);
  };
  outcome.afterwards = [run = place.run] { clear_place(run); };
  return outcome;
}

Outcome PushState::give_up(const Job& job, const std::string& why) {
  const PushJob asked(job);
  Outcome outcome = Outcome::of(asked.change.pull, asked.ended(why));
  outcome.rows = ended(tools_, asked.run, change::state_key(asked.change), why);
  outcome.dead = true;
  return outcome;
}

Outcome ReleaseLock::perform(const Job& job, const Claim& claim, std::stop_token stop) {
  const UnlockJob asked(job);
  const Reached reached(tools_, asked.change);
  const StateKey key = change::state_key(asked.change);
  StoredLog log(tools_, row_of(asked.run, *reached.change, "unlock", asked.order.by));
  const Place place = prepare_place(tools_, *reached.change, asked.run, Phase::Apply, job.fence, stop);
  std::string failure;
  std::optional<store::StateLock> own;
  if (place.settings.state) {
    tools_.store.read([&](const store::Snapshot& rows) { own = rows.states.lock(key); });
    if (!own || own->id != asked.order.lock) failure = "this state has no such lock";
  } else if (const auto refusal = tools_.terraform.release_lock(
                 request_of(tools_, reached, place), claim.hold(key), asked.order.lock, log, stop)) {
    failure = refusal->summary;
  }
  Outcome outcome =
      Outcome::of(asked.change.pull, change::event::LockReleased{asked.change, asked.order, failure});
  const auto end = failure.empty() ? log.end("ok", "the lock was released") : log.end("failed", failure);
  outcome.rows = [=](store::Transaction& rows) {
    end(rows);
    if (own && failure.empty()) rows.states.drop_lock(key);
  };
  outcome.afterwards = [run = place.run] { clear_place(run); };
  return outcome;
}

Outcome ReleaseLock::give_up(const Job& job, const std::string& why) {
  const UnlockJob asked(job);
  Outcome outcome =
      Outcome::of(asked.change.pull, change::event::LockReleased{asked.change, asked.order, why});
  outcome.rows = ended(tools_, asked.run, change::state_key(asked.change), why);
  return outcome;
}

}  // namespace slipway::work
